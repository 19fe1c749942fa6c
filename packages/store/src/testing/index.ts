export { type PostgresServer, postgresPrograms, startPostgres } from './postgres-server.ts';
