/** Raised when an older client could no longer be understood; a hello with another one is refused. */
export const PROTOCOL_VERSION = 1;
