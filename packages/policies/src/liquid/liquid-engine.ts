import { defaultOperators, Liquid } from 'liquidjs';
import { registerFilters } from './filters.ts';
import { JsonArrayFor } from './json-array-for.ts';
import { printed } from './printed.ts';

/** Milliseconds that one template may take. */
const longestRender = 2_000;
/** What liquidjs calls memory: about the characters that filters and loops make. */
const mostMemory = 64 * 1024 * 1024;

/** Tags that would read other templates: there are none. */
const refusedTags = ['include', 'render', 'layout', 'block'];

/** Liquid as API Management has it: DotLiquid in C# naming, and its own tag for JSON arrays. `now` in milliseconds since 1970. */
export function createLiquidEngine(now: () => number): Liquid {
  const engine = new Liquid({
    templates: {},
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: false,
    jsTruthy: false,
    outputEscape: printed,
    operators: {
      ...defaultOperators,
      startsWith: (text: unknown, start: unknown) => printed(text).startsWith(printed(start)),
      endsWith: (text: unknown, end: unknown) => printed(text).endsWith(printed(end)),
      hasKey: (value: unknown, key: unknown) => isObject(value) && Object.hasOwn(value, printed(key)),
      hasValue: (value: unknown, item: unknown) => isObject(value) && Object.values(value).includes(item),
    },
    renderLimit: longestRender,
    memoryLimit: mostMemory,
  });
  for (const tag of refusedTags) delete engine.tags[tag];
  engine.registerTag('JSONArrayFor', JsonArrayFor);
  registerFilters(engine, now);
  return engine;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
