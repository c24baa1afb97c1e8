export { startServer, type RunningServer, type StartOptions } from './start-server.ts';
export { readSettings, SettingsError, type Flags, type Settings } from './settings/settings.ts';
export { DataDirectoryLocked } from './database/data-directory-lock.ts';
