export { HttpServerError } from './http-server-error.ts';
export { createLogger, LOG_LEVELS, type LogLevel } from './logger.ts';
export { createRepositoryServer } from './repository-server.ts';
