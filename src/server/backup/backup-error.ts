/** A backup or a restore that cannot be done. The message is one line and says what to do. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}
