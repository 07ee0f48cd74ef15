export { HttpServerError } from './http-server-error.ts';
export { createLogger, LOG_LEVELS, type LogLevel } from './logger.ts';
export {
  createRepositoryServer,
  type RepositoryServer,
  type RepositoryServerOptions,
} from './repository-server.ts';
