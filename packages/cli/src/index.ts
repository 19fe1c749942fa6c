/** The `lazuli` command as a function, for scripts and tests; its commands and options as data, for their page. */
export { lazuliProgram, runLazuli } from './program.ts';
export type { Terminal } from './terminal.ts';
