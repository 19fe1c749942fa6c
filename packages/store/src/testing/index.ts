export { type MemoryJournal, memoryJournal } from './memory-journal.ts';
export { type PostgresServer, postgresPrograms, startPostgres } from './postgres-server.ts';
