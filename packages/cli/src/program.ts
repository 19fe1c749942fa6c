import { Command, CommanderError } from 'commander';
import { auditCommand } from './commands/audit.ts';
import { checkCommand } from './commands/check.ts';
import { diffCommand } from './commands/diff.ts';
import { extractCommand } from './commands/extract.ts';
import { initCommand } from './commands/init.ts';
import { principalCommand } from './commands/principal.ts';
import { publishCommand } from './commands/publish.ts';
import { serviceBusCommand } from './commands/servicebus/index.ts';
import { startCommand } from './commands/start.ts';
import { storeCommand } from './commands/store.ts';
import { trustCommand } from './commands/trust.ts';
import { processTerminal, type Terminal } from './terminal.ts';
import { version } from './version.ts';

/** The commands in the order in which `lazuli --help` lists them. */
const commands = [
  startCommand,
  checkCommand,
  initCommand,
  trustCommand,
  publishCommand,
  extractCommand,
  diffCommand,
  principalCommand,
  auditCommand,
  storeCommand,
  serviceBusCommand,
];

/**
 * Runs one command line (without `node` and the script). Resolves with the exit status: 0 done, 1 the command found
 * errors or failed, 2 the command line itself is wrong.
 */
export async function runLazuli(argv: readonly string[], terminal: Terminal = processTerminal): Promise<number> {
  let status = 0;
  const program = lazuliProgram(terminal, (code) => {
    status = code;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    terminal.error(`lazuli: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
  return status;
}

/** The command with all its subcommands; `exit` is told the exit status of one that ran. */
export function lazuliProgram(
  terminal: Terminal = processTerminal,
  exit: (status: number) => void = () => {},
): Command {
  const program = new Command('lazuli')
    .description('API integration that speaks Azure, on your own machines.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showHelpAfterError('(lazuli --help lists the commands, lazuli COMMAND --help its options)')
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.error(text.trimEnd()),
    })
    .exitOverride();
  for (const command of commands)
    program.addCommand(
      command(terminal, exit).copyInheritedSettings(program).helpOption('-h, --help', 'print this help'),
    );
  return program;
}
