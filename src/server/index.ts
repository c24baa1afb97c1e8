export { startServer, type RunningServer, type StartOptions } from './start-server.ts';
export { readSettings, type Flags } from './settings/read-settings.ts';
export { SettingsError, type Settings } from './settings/settings.ts';
export { SchemaError } from './database/apply-schema.ts';
export { DataDirectoryLocked } from './database/data-directory-lock.ts';
