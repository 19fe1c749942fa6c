import { paint, type Terminal } from '../terminal.ts';
import { ArmFailure } from './arm-client.ts';
import type { Change, Difference, Plan } from './folder-changes.ts';

const signs = { Create: '+', Modify: '~', Delete: '-', NoChange: ' ' } as const;
const colours = { Create: 'green', Modify: 'yellow', Delete: 'red', NoChange: 'dim' } as const;

/** What would change, a line each, with the properties that differ. */
export function printPlan(terminal: Terminal, plan: Plan): void {
  for (const change of changed(plan)) {
    const { changeType, path, delta } = change;
    terminal.out(paint(terminal, colours[changeType], `${signs[changeType]} ${path === '' ? 'the service' : path}`));
    for (const difference of delta) terminal.out(`    ${describe(difference)}`);
  }
}

export function changed({ changes }: Plan): readonly Change[] {
  return changes.filter(({ changeType }) => changeType !== 'NoChange');
}

/** `2 to create, 1 to change, 0 to delete, 40 unchanged` */
export function summary({ changes }: Plan): string {
  const count = (type: Change['changeType']) => changes.filter(({ changeType }) => changeType === type).length;
  return `${count('Create')} to create, ${count('Modify')} to change, ${count('Delete')} to delete, ${count('NoChange')} unchanged`;
}

/** Problems of a refused change, a line each. */
export function printFailure(terminal: Terminal, error: unknown, serviceId: string): void {
  if (!(error instanceof ArmFailure)) throw error;
  for (const { target, message } of error.details) {
    const place = target.toLowerCase().startsWith(`${serviceId.toLowerCase()}/`)
      ? target.slice(serviceId.length + 1)
      : target;
    terminal.error(`${paint(terminal, 'bold', place)} ${paint(terminal, 'red', 'error')} ${message}`);
  }
  terminal.error(`lazuli: ${error.message}`);
}

function describe({ path, before, after, isSecret }: Difference): string {
  if (isSecret) return `${path}: another secret`;
  return `${path}: ${show(before)} -> ${show(after)}`;
}

function show(value: unknown): string {
  if (value === undefined || value === null) return '(none)';
  const text = JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 97)}...` : text;
}
