export { limits } from '../protocol/limits.ts';
