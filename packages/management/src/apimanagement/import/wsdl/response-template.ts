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
  const isAbsent = `${path} == null or ${path} == ""`;
  switch (type) {
    case 'string':
      return `{% if ${path} == null %}null{% else %}{{ ${path} | Append: "" | json }}{% endif %}`;
    case 'boolean':
      return `{% if ${path} == "true" or ${path} == "1" %}true{% elsif ${isAbsent} %}null{% else %}false{% endif %}`;
    case 'integer':
    case 'number':
      return `{% if ${isAbsent} %}null{% else %}{{ ${path} | Strip | Remove: "+" }}{% endif %}`;
    case 'float':
      return `{% if ${isAbsent} %}null{% elsif ${path} == "INF" or ${path} == "-INF" or ${path} == "NaN" %}"{{ ${path} | Strip }}"{% else %}{{ ${path} | Strip | Remove: "+" }}{% endif %}`;
  }
}
