/** The composition root: one process that serves a folder. */
export { type LocalAuthority, openLocalAuthority } from './authority/local-authority.ts';
export { type CheckOptions, checkFolder } from './configuration/check-folder.ts';
export { defaultDataFolder } from './configuration/data-folder.ts';
export { type AccessLogMode, accessLogModes } from './logging/access-log.ts';
export { type LogLevel, logLevels } from './logging/logger.ts';
export { ConfigurationError, type RunningServer, type ServerOptions, startServer } from './start-server.ts';
