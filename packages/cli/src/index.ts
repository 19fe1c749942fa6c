/** The `lazuli` command as a function, for scripts and tests. */
export { runLazuli } from './program.ts';
export type { Terminal } from './terminal.ts';
