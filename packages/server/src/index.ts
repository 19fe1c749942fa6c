/** The composition root: one process that serves a folder. */
export { type LocalAuthority, openLocalAuthority } from './authority/local-authority.ts';
export { type CheckOptions, checkFolder } from './configuration/check-folder.ts';
export { defaultDataFolder } from './configuration/data-folder.ts';
export type { ReloadReport } from './configuration/reloader.ts';
export { type AccessLogMode, accessLogModes } from './logging/access-log.ts';
export { type LogLevel, logLevels } from './logging/logger.ts';
export { startManagedServer } from './management/start-managed-server.ts';
export { ConfigurationRefusedError } from './self-hosted/configuration-client.ts';
export type { ConfigurationState } from './self-hosted/configuration-source.ts';
export {
  type RunningSelfHostedGateway,
  type SelfHostedGatewayOptions,
  startSelfHostedGateway,
} from './self-hosted/start-self-hosted-gateway.ts';
export {
  ConfigurationError,
  type HttpImplementation,
  httpImplementations,
  type ManagedServerOptions,
  type RunningManagedServer,
  type RunningServer,
  type RunningService,
  type ServerOptions,
} from './server-options.ts';
export { startServer } from './start-server.ts';
export { type RunningWorkers, startWorkers } from './workers/start-workers.ts';
