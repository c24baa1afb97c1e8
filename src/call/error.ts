/** The failures of the contract, for those who show them or make one of their own. */
export {
  PERSON_ERROR_CODES,
  PROTOCOL_ERROR_CODES,
  RtcDeskError,
  isErrorCode,
  type ErrorCode,
  type PersonErrorCode,
} from '../protocol/errors.ts';
