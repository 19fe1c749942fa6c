import { argumentException, type NetException } from '../exceptions.ts';

const deepest = 250;

/** A place in a pattern, with the options that hold there. */
export class PatternCursor {
  readonly text: string;
  options: number;
  at = 0;
  #depth = 0;

  constructor(text: string, options: number) {
    this.text = text;
    this.options = options;
  }

  has(option: number): boolean {
    return (this.options & option) !== 0;
  }
  peek(): string | undefined {
    return this.text[this.at];
  }
  /** What a sticky expression matches here, without going on. */
  match(sticky: RegExp): RegExpExecArray | null {
    sticky.lastIndex = this.at;
    return sticky.exec(this.text);
  }
  /** Reads groups and classes inside of each other only so deep. */
  nested<T>(read: () => T): T {
    if (++this.#depth > deepest) throw this.error('The groups are nested too deeply.');
    const result = read();
    this.#depth--;
    return result;
  }
  error(message: string): NetException {
    return argumentException(`parsing "${this.text}" - ${message}`);
  }
}
