/** The names in a backup's tar archive that are not names in the data directory. */

/** What the backup is: the first entry. */
export const MANIFEST = 'rtc-desk-backup.json';
/** The embedded database, as PGlite dumps it. */
export const DATABASE_DUMP = 'postgres.tar.gz';
/** The text of the setting RTC_DESK_SECRET, if the key came from there. */
export const SECRET_FILE = 'RTC_DESK_SECRET';
/** The other folders of the data directory, with recordings and the like. */
export const FILES_PREFIX = 'files/';

export interface Manifest {
  /** Raised when an older rtc-desk could not restore it. */
  readonly format: 1;
  readonly version: string;
  readonly createdAt: string;
  /** `external`: the database is on a PostgreSQL server and not in this file. */
  readonly database: 'embedded' | 'external';
}
