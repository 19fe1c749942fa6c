import {
  type Context,
  type Emitter,
  type Liquid,
  type Parser,
  Tag,
  type TagToken,
  type Template,
  type TopLevelToken,
  Value,
} from 'liquidjs';
import { elementNameOf } from './template-body.ts';

/**
 * `{% JSONArrayFor x in y %} ... {% endJSONArrayFor %}`: a loop that puts commas between what its items print, so that a
 * JSON array comes out right. An element goes through its children; `where "name"` takes those of that name only.
 */
export class JsonArrayFor extends Tag {
  readonly #variable: string;
  readonly #collection: Value;
  readonly #where: Value | null;
  readonly #templates: Template[] = [];

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid, parser: Parser) {
    super(token, remaining, liquid);
    const found = /^\s*([\w-]+)\s+in\s+(\S(?:.*?\S)?)(?:\s+where\s*:?\s*(\S.*?))?\s*$/is.exec(token.args);
    if (!found) throw new TypeError(`illegal tag: ${token.getText()}`);
    const [, variable = '', collection = '', where] = found;
    this.#variable = variable;
    this.#collection = new Value(collection, liquid);
    this.#where = where === undefined ? null : new Value(/^[\w.-]+$/.test(where) ? `"${where}"` : where, liquid);
    const stream = parser
      .parseStream(remaining)
      .on('tag:endJSONArrayFor', () => stream.stop())
      .on('template', (template: Template) => this.#templates.push(template))
      .on('end', () => {
        throw new TypeError(`tag ${token.getText()} not closed`);
      });
    stream.start();
  }

  *render(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    const where = this.#where ? yield this.#where.value(context, true) : null;
    const collection = yield this.#collection.value(context, true);
    const items = itemsOf(collection).filter((item) => where === null || elementNameOf(item) === String(where));
    const scope: Record<string, unknown> = {};
    context.push(scope);
    let isFirst = true;
    for (const [i, item] of items.entries()) {
      scope[this.#variable] = item;
      scope.forloop = {
        length: items.length,
        index: i + 1,
        index0: i,
        rindex: items.length - i,
        rindex0: items.length - i - 1,
        first: i === 0,
        last: i === items.length - 1,
      };
      const text = yield this.liquid.renderer.renderTemplates(this.#templates, context);
      if (typeof text !== 'string' || text.trim() === '') continue;
      if (!isFirst) emitter.write(',');
      isFirst = false;
      emitter.write(text);
    }
    context.pop();
  }
}

function itemsOf(collection: unknown): unknown[] {
  if (collection === null || collection === undefined || collection === '') return [];
  if (Array.isArray(collection)) return collection;
  return isIterable(collection) ? Array.from(collection) : [collection];
}

const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value;
