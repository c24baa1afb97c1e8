import { RtcDeskError } from '../../protocol/errors.ts';
import { BackupError } from '../backup/backup-error.ts';
import { SchemaError } from '../database/apply-schema.ts';
import { DataDirectoryError } from '../database/data-directory.ts';
import { DataDirectoryLocked } from '../database/data-directory-lock.ts';
import { DatabaseUnavailable } from '../database/database-unavailable.ts';
import { SettingsError } from '../settings/settings.ts';
import { ProvisionError } from '../sites/provision-file.ts';
import { CommandError, UsageError } from './command.ts';

/** Errors whose message says all that the operator needs. */
const EXPECTED = [
  CommandError,
  RtcDeskError,
  BackupError,
  SettingsError,
  ProvisionError,
  DataDirectoryLocked,
  DataDirectoryError,
  SchemaError,
];

/** One line for the terminal. Null for an unexpected error. */
export function explainError(error: unknown): string | null {
  if (error instanceof UsageError) return `${error.message} See rtc-desk --help.`;
  if (EXPECTED.some((kind) => error instanceof kind)) return (error as Error).message;
  if (error instanceof DatabaseUnavailable) return explainError(error.cause);
  const { code, message, port, address } = (error ?? {}) as NodeJS.ErrnoException & {
    port?: number;
    address?: string;
  };
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use: stop the program that listens there, or choose another with PORT or --port.`;
    case 'EACCES':
      return port === undefined
        ? message
        : `This user may not use port ${port}: choose one above 1024 with PORT or --port.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `Cannot reach or listen on ${address ?? 'that address'}: check HOST and DATABASE_URL. (${message})`;
    case 'ECONNREFUSED':
      return `The database of DATABASE_URL does not answer. (${message})`;
    case '28P01':
    case '28000':
    case '3D000':
      return `The database of DATABASE_URL refuses: ${message}`;
    default:
      return null;
  }
}
