/** A socket as connections see it; only `socket-server.ts` knows the library behind it. */
export interface Socket {
  /** `flushed` is called when the frame has left this process, or the socket has ended. */
  send(frame: string, flushed?: () => void): void;
  close(code: number, reason: string): void;
  /** Ends it without a close frame, for a peer that does not read. */
  terminate(): void;
  /** Bytes that were sent and have not left this process. */
  bufferedBytes(): number;
}
