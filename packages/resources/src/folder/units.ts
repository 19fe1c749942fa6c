import type { Diagnostic } from '../diagnostic.ts';

/** What a unit of work may ask, and what it was answered; the same question is put again before a result is reused. */
export type Question = `${'file' | 'files' | 'name' | 'names' | 'links' | 'secret'}:${string}`;

/** Answers compared by identity: strings, null, or a record that stays the same object while its content does. */
export type Answers = (question: Question) => unknown;

/** A result with what was found wrong on the way. */
export interface Unit<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}

interface Remembered {
  readonly unit: Unit<unknown>;
  readonly asked: ReadonlyMap<Question, unknown>;
}

/**
 * Work that is done once per input: a result is reused, as the same object, for as long as every question that was asked
 * to make it gets the same answer.
 */
export class Units {
  #remembered = new Map<string, Remembered>();
  #next = new Map<string, Remembered>();
  #answers: Answers = () => undefined;
  /** Keys of the units that asked for a file, by its path. */
  readonly #readers = new Map<string, Set<string>>();
  /** Units that may have other answers than before; null: any may. */
  #affected: ReadonlySet<string> | null = null;

  /**
   * Begins a pass; results that the pass does not ask for again are forgotten when it ends. `changed`: the files whose content
   * differs from the pass before, when nothing else does; then only the units that read them are looked at.
   */
  begin(answers: Answers, changed: readonly string[] | null = null): void {
    this.#answers = answers;
    this.#next = new Map();
    this.#affected = changed && new Set(changed.flatMap((path) => [...(this.#readers.get(path) ?? [])]));
  }

  end(): void {
    this.#remembered = this.#next;
    this.#next = new Map();
  }

  /** The result of `work` under a key that belongs to this work alone. */
  unit<T>(key: string, work: (ask: Answers, diagnostics: Diagnostic[]) => T): Unit<T> {
    const before = this.#remembered.get(key);
    if (before !== undefined && (this.#affected?.has(key) === false || this.#holds(before))) {
      this.#next.set(key, before);
      // The key belongs to one piece of work, so what was remembered under it is a T.
      return before.unit as Unit<T>;
    }
    const asked = new Map<Question, unknown>();
    const ask: Answers = (question) => {
      if (asked.has(question)) return asked.get(question);
      const answer = this.#answers(question);
      asked.set(question, answer);
      if (question.startsWith('file:')) this.#note(question.slice('file:'.length), key);
      return answer;
    };
    const diagnostics: Diagnostic[] = [];
    const unit: Unit<T> = { value: work(ask, diagnostics), diagnostics };
    this.#next.set(key, { unit, asked });
    return unit;
  }

  #note(path: string, key: string): void {
    const readers = this.#readers.get(path);
    if (readers) readers.add(key);
    else this.#readers.set(path, new Set([key]));
  }

  #holds({ asked }: Remembered): boolean {
    for (const [question, answer] of asked) if (this.#answers(question) !== answer) return false;
    return true;
  }
}
