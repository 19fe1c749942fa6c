import type { AttributeMember, ComplexShape, Member, Shape, SimpleShape } from '../xsd/shape.ts';

/** A member of the JSON object that stands for an element. */
export type JsonMember =
  | { readonly kind: 'element'; readonly name: string; readonly of: Member }
  | { readonly kind: 'attribute'; readonly name: string; readonly of: AttributeMember }
  | { readonly kind: 'text'; readonly name: string; readonly of: SimpleShape };

/**
 * Names in JSON: those of elements and attributes with a small first letter, as Azure writes them; the text of an element
 * with attributes is `value`. A name that is taken keeps its first letter, then gets an underscore.
 */
export function jsonMembers({ attributes, members, text }: ComplexShape): JsonMember[] {
  const taken = new Set<string>();
  const nameOf = (local: string): string => {
    let name = `${local.charAt(0).toLowerCase()}${local.slice(1)}`;
    if (taken.has(name)) name = local;
    while (taken.has(name)) name = `_${name}`;
    taken.add(name);
    return name;
  };
  const found: JsonMember[] = members.map((of) => ({ kind: 'element', name: nameOf(of.local), of }));
  for (const of of attributes) found.push({ kind: 'attribute', name: nameOf(of.local), of });
  // Text between elements says nothing that has a place in JSON.
  if (text !== null && members.length === 0) found.push({ kind: 'text', name: nameOf('value'), of: text });
  return found;
}

/** An element with text alone is its text. */
export function simpleOf(shape: Shape): SimpleShape | null {
  if (shape.kind === 'simple') return shape;
  return shape.members.length === 0 && shape.attributes.length === 0 && shape.text !== null ? shape.text : null;
}

/** A type cannot be written down as a template. */
export class UnsupportedShape extends Error {}

const most = 3000;
const deepest = 32;

/** Counts what a template is made of, and refuses types that hold themselves. */
export class ShapeWalk {
  readonly #open: ComplexShape[] = [];
  #count = 0;

  get depth(): number {
    return this.#open.length;
  }

  /** @throws {UnsupportedShape} */
  inside<T>(shape: ComplexShape, element: string, walk: () => T): T {
    if (shape.isEncodedArray)
      throw new UnsupportedShape(`The element '${element}' is an array of SOAP encoding, which is not supported.`);
    if (this.#open.includes(shape))
      throw new UnsupportedShape(
        `The type '${shape.name ?? element}' refers to itself: recursive types are not supported by SOAP to REST.`,
      );
    this.#count += shape.members.length + shape.attributes.length;
    if (this.#count > most) throw new UnsupportedShape(`The message of '${element}' has more than ${most} elements.`);
    if (this.#open.length >= deepest)
      throw new UnsupportedShape(`The element '${element}' is nested more than ${deepest} deep.`);
    this.#open.push(shape);
    try {
      return walk();
    } finally {
      this.#open.pop();
    }
  }
}
