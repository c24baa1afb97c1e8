/** The error that the desk's methods reject with, for those who embed the desk. */
export { RtcDeskError, isErrorCode, type ErrorCode } from '../../call/error.ts';
