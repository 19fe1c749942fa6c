/** What a template sees of something that is not plain data. */
export interface LookupSource {
  /** The value of a name; undefined when there is none. */
  find(name: string): unknown;
  names(): readonly string[];
  /** What `{{ }}` prints. */
  text(): string;
  /** What `for` goes through; absent: name and value of each. */
  readonly items?: () => readonly unknown[];
}

/**
 * An object for the template engine that answers by asking its source, and only that: nothing of JavaScript's own
 * (`constructor`, `__proto__`) can be reached through it.
 */
export function lookup(source: LookupSource): object {
  const target: object = Object.create(null);
  sources.set(target, source);
  return new Proxy(target, handler);
}

const sources = new WeakMap<object, LookupSource>();

const sourceOf = (target: object): LookupSource => sources.get(target) ?? nothing;
const nothing: LookupSource = { find: () => undefined, names: () => [], text: () => '' };

const handler: ProxyHandler<object> = {
  get(target, key) {
    const source = sourceOf(target);
    if (key === Symbol.toPrimitive) return () => source.text();
    if (key === Symbol.iterator) {
      const { items } = source;
      return items && (() => items()[Symbol.iterator]());
    }
    if (typeof key === 'symbol') return undefined;
    return source.find(key) ?? comparisons(source)[key];
  },
  has: (target, key) =>
    key === Symbol.iterator
      ? sourceOf(target).items !== undefined
      : typeof key === 'string' && sourceOf(target).find(key) !== undefined,
  ownKeys: (target) => [...new Set(sourceOf(target).names())],
  getOwnPropertyDescriptor(target, key) {
    const value = typeof key === 'string' ? sourceOf(target).find(key) : undefined;
    return value === undefined ? undefined : { value, enumerable: true, configurable: true };
  },
  set: () => false,
  defineProperty: () => false,
  deleteProperty: () => false,
};

/** How the engine compares objects: by their text. */
function comparisons(source: LookupSource): Readonly<Record<string, unknown>> {
  const order = (other: unknown): number => {
    const text = source.text();
    const [a, b] = typeof other === 'number' ? [Number(text), other] : [text, String(other ?? '')];
    return a < b ? -1 : a > b ? 1 : 0;
  };
  return Object.assign(Object.create(null), {
    equals: (other: unknown) => order(other) === 0,
    gt: (other: unknown) => order(other) > 0,
    geq: (other: unknown) => order(other) >= 0,
    lt: (other: unknown) => order(other) < 0,
    leq: (other: unknown) => order(other) <= 0,
  });
}

/** By exact name, else without regard to case. */
export function findByName<T>(values: ReadonlyMap<string, T>, name: string): T | undefined {
  if (values.has(name)) return values.get(name);
  const lower = name.toLowerCase();
  for (const [known, value] of values) if (known.toLowerCase() === lower) return value;
  return undefined;
}
