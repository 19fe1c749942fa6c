import type { MessageEdit, SqlValue } from '../contract.ts';
import { FilterError } from '../errors.ts';

/** A message of tests: properties in maps, nothing is converted. */
export class MessageOfTests implements MessageEdit {
  /** Names lower case; undefined: exists and is not set. */
  readonly sys: Map<string, SqlValue | undefined>;
  readonly user: Map<string, SqlValue>;

  constructor(user: Readonly<Record<string, SqlValue>> = {}, sys: Readonly<Record<string, SqlValue>> = {}) {
    this.user = new Map(Object.entries(user));
    this.sys = new Map<string, SqlValue | undefined>([
      ['label', undefined],
      ['to', undefined],
    ]);
    for (const [name, value] of Object.entries(sys)) this.sys.set(name.toLowerCase(), value);
  }

  system(name: string) {
    const key = name.toLowerCase();
    return this.sys.has(key) ? { value: this.sys.get(key) } : null;
  }

  application(name: string): SqlValue | undefined {
    return this.user.get(this.#spelling(name));
  }

  applicationExact(name: string): SqlValue | undefined {
    return this.user.get(name);
  }

  setSystem(name: string, value: SqlValue): void {
    if (this.system(name) === null) throw new FilterError(`'${name}' is no system property of a message.`);
    this.sys.set(name.toLowerCase(), value);
  }

  removeSystem(name: string): void {
    this.setSystem(name, null);
  }

  setApplication(name: string, value: SqlValue): void {
    this.user.set(this.#spelling(name), value);
  }

  removeApplication(name: string): void {
    this.user.delete(this.#spelling(name));
  }

  #spelling(name: string): string {
    if (this.user.has(name)) return name;
    return [...this.user.keys()].find((each) => each.toLowerCase() === name.toLowerCase()) ?? name;
  }
}
