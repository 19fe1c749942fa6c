import type { ComplexShape, Member, Shape, SimpleShape } from '../xsd/shape.ts';
import { jsonMembers, ShapeWalk, simpleOf } from './json-members.ts';
import { access } from './liquid-path.ts';

/**
 * The Liquid template of JSON that is filled from a SOAP response. What is absent or nil becomes null, so that every member
 * is there and commas need no thought.
 * @throws {UnsupportedShape}
 */
export function responseTemplate(body: ComplexShape): string {
  return new Writer().object(body, 'body.envelope.body', 'body', '');
}

class Writer {
  readonly #walk = new ShapeWalk();
  #loops = 0;

  object(shape: ComplexShape, path: string, element: string, pad: string): string {
    return this.#walk.inside(shape, element, () => {
      const members = jsonMembers(shape).map(({ kind, name, of }) => {
        const value =
          kind === 'element'
            ? this.#member(of, path, `${pad}  `)
            : kind === 'attribute'
              ? simple(of.shape, `${path}["@${of.local}"]`)
              : simple(of, path);
        return `${pad}  ${JSON.stringify(name)}: ${value}`;
      });
      return members.length === 0 ? '{ }' : `{\n${members.join(',\n')}\n${pad}}`;
    });
  }

  #member(member: Member, parent: string, pad: string): string {
    const shape = member.shape();
    if (member.isArray) {
      this.#loops += 1;
      const item = `item${this.#loops}`;
      const value = this.#value(shape, item, member.local, `${pad}  `, true);
      return `[\n${pad}  {% JSONArrayFor ${item} in ${parent} where "${member.local}" -%}\n${pad}  ${value}\n${pad}  {% endJSONArrayFor -%}\n${pad}]`;
    }
    return this.#value(shape, `${parent}${access(member.local)}`, member.local, pad, false);
  }

  #value(shape: Shape, path: string, element: string, pad: string, isThere: boolean): string {
    const text = simpleOf(shape);
    if (text) return isThere && text.type === 'string' ? `{{ ${path} | Append: "" | json }}` : simple(text, path);
    if (shape.kind === 'simple') return simple(shape, path);
    const written = this.object(shape, path, element, pad);
    return isThere ? written : `{% if ${path} == null %}null{% else %}${written}{% endif %}`;
  }
}

function simple({ type }: SimpleShape, path: string): string {
  if (type === 'string') return `{% if ${path} == null %}null{% else %}{{ ${path} | Append: "" | json }}{% endif %}`;
  const stripped = `{% assign n = ${path} | Append: "" | Strip %}`;
  if (type === 'boolean')
    return `${stripped}{% if n == "true" or n == "1" %}true{% elsif n == "" %}null{% else %}false{% endif %}`;
  return `${stripped}${number}`;
}

/**
 * Writes `n` as a number of JSON, whatever a backend sends: text that is no number (INF among them) as a string, so that it
 * cannot end the value; a number that JSON writes otherwise (`+1`, `.5`) as it does; one with more digits than a number of
 * the engine keeps as it is, when those that it keeps are the same.
 */
const number =
  '{% assign n = n | Remove: "+" %}{% assign v = n | Plus: 0 | Append: "" %}{% assign w = n | Append: "?" %}' +
  // What is no number counts as 0.
  '{% assign z = n | Remove: "0" | Remove: "." | Remove: "-" %}' +
  '{% if n == "" %}null{% elsif v contains "Infinity" %}{{ n | json }}{% elsif v == "0" and z != "" %}{{ n | json }}{% else %}' +
  '{% assign a = n | Slice: 0, 15 %}{% assign b = v | Slice: 0, 15 %}' +
  '{% if a != b or w contains ".?" or w contains ".e" or w contains ".E" %}{{ v | Strip }}{% else %}{{ n | Strip }}{% endif %}{% endif %}';
