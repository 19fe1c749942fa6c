import {
  attributeOf,
  childOf,
  childrenOf,
  localOf,
  namespaceOf,
  type QName,
  qname,
  resolveName,
  type XmlElement,
  XmlProblem,
} from '../xml/xml-tree.ts';
import { simpleType } from './built-in-types.ts';
import type { AttributeMember, ComplexShape, Member, Shape, SimpleShape } from './shape.ts';

export const xsd = 'http://www.w3.org/2001/XMLSchema';

interface Global {
  readonly element: XmlElement;
  readonly schema: XmlElement;
}

type Kind = 'element' | 'type' | 'group' | 'attributeGroup' | 'attribute';

const kinds: Readonly<Record<string, Kind>> = {
  element: 'element',
  complexType: 'type',
  simpleType: 'type',
  group: 'group',
  attributeGroup: 'attributeGroup',
  attribute: 'attribute',
};

/** A shape is kept before it is complete, so that a type that refers to itself finds it. */
type Growing = { -readonly [name in keyof ComplexShape]: ComplexShape[name] } & {
  members: Member[];
  attributes: AttributeMember[];
};

const anything: SimpleShape = { kind: 'simple', type: 'string', values: [] };
const deepestDerivation = 100;

/** The declarations of XML schemas that belong together, and the shapes of what they declare. */
export class SchemaSet {
  readonly #globals = new Map<string, Global>();
  readonly #types = new Map<QName, Shape>();
  readonly #anonymous = new WeakMap<XmlElement, Shape>();

  constructor(schemas: readonly XmlElement[]) {
    for (const schema of schemas) {
      const target = attributeOf(schema, 'targetNamespace') ?? '';
      for (const element of childrenOf(schema, undefined, xsd)) {
        const kind = kinds[element.local];
        const name = attributeOf(element, 'name');
        if (kind === undefined || name === undefined) continue;
        const key = `${kind} ${qname(target, name)}`;
        if (!this.#globals.has(key)) this.#globals.set(key, { element, schema });
      }
    }
  }

  /** What a global element declares, or undefined where there is none. */
  element(name: QName): Member | undefined {
    const found = this.#globals.get(`element ${name}`);
    return found && this.#member(found.element, found.schema);
  }

  /** The shape of a type; `from` is where it is named. @throws {XmlProblem} for one that is not declared */
  type(name: QName, from: XmlElement): Shape {
    const known = this.#types.get(name);
    if (known) return known;
    if (namespaceOf(name) === xsd) {
      const builtIn = localOf(name) === 'anyType' ? anything : simpleType(localOf(name));
      if (builtIn) return builtIn;
    }
    const found = this.#globals.get(`type ${name}`);
    if (!found)
      throw new XmlProblem(
        `The type '${localOf(name)}' of '${namespaceOf(name)}' is not declared`,
        from.line,
        from.column,
      );
    return this.#shape(found.element, found.schema, name);
  }

  #shape(type: XmlElement, schema: XmlElement, name: QName | null, depth = 0): Shape {
    const known = name === null ? this.#anonymous.get(type) : this.#types.get(name);
    if (known) return known;
    const keep = <T extends Shape>(shape: T): T => {
      if (name === null) this.#anonymous.set(type, shape);
      else this.#types.set(name, shape);
      return shape;
    };
    if (depth > deepestDerivation)
      throw new XmlProblem('Types are derived more than 100 deep or from themselves', type.line, type.column);
    if (type.local === 'simpleType') return keep(this.#simple(type, schema, depth));
    const content = childOf(type, 'complexContent', xsd) ?? childOf(type, 'simpleContent', xsd);
    const derivation = content && (childOf(content, 'extension', xsd) ?? childOf(content, 'restriction', xsd));
    const shape: Growing = {
      kind: 'complex',
      name: name === null ? null : localOf(name),
      members: [],
      attributes: [],
      text: null,
      isEncodedArray: false,
    };
    keep(shape);
    if (attributeOf(type, 'mixed') === 'true') shape.text = anything;
    const written = derivation && attributeOf(derivation, 'base');
    if (derivation && written !== undefined) {
      const base = resolveName(derivation, written);
      if (namespaceOf(base) === 'http://schemas.xmlsoap.org/soap/encoding/') shape.isEncodedArray = true;
      else if (base !== qname(xsd, 'anyType')) {
        const from = this.#derived(base, derivation, depth + 1);
        if (from.kind === 'simple') shape.text = from;
        else {
          shape.text ??= from.text;
          if (derivation.local === 'extension') shape.members.push(...from.members);
          shape.attributes.push(...from.attributes);
        }
      }
    }
    this.#particles(derivation ?? type, schema, { isRequired: true, isArray: false }, shape.members, 0);
    this.#attributes(derivation ?? type, schema, shape.attributes, 0);
    shape.members = mergedByName(shape.members);
    return shape;
  }

  #derived(base: QName, from: XmlElement, depth: number): Shape {
    const found = this.#globals.get(`type ${base}`);
    // A type that is being read has no members yet: one that derives from itself ends here.
    if (!found || this.#types.has(base)) return this.type(base, from);
    return this.#shape(found.element, found.schema, base, depth);
  }

  #simple(type: XmlElement, schema: XmlElement, depth: number): SimpleShape {
    const restriction = childOf(type, 'restriction', xsd);
    if (!restriction) return anything;
    const written = attributeOf(restriction, 'base');
    const inner = childOf(restriction, 'simpleType', xsd);
    const base: Shape =
      written !== undefined
        ? this.#derived(resolveName(restriction, written), restriction, depth + 1)
        : inner
          ? this.#shape(inner, schema, null, depth + 1)
          : anything;
    const values = childrenOf(restriction, 'enumeration', xsd).flatMap((one) => attributeOf(one, 'value') ?? []);
    const simple = base.kind === 'simple' ? base : (base.text ?? anything);
    return { ...simple, values: values.length > 0 ? values : simple.values };
  }

  /** Adds the elements of a sequence, choice, all or group. */
  #particles(
    owner: XmlElement,
    schema: XmlElement,
    around: { readonly isRequired: boolean; readonly isArray: boolean },
    members: Member[],
    depth: number,
  ): void {
    if (depth > deepestDerivation)
      throw new XmlProblem('Groups are nested more than 100 deep or in themselves', owner.line, owner.column);
    for (const particle of childrenOf(owner, undefined, xsd)) {
      const inside = {
        isRequired: around.isRequired && attributeOf(particle, 'minOccurs') !== '0' && owner.local !== 'choice',
        isArray: around.isArray || isMany(attributeOf(particle, 'maxOccurs')),
      };
      if (particle.local === 'element') members.push({ ...this.#member(particle, schema), ...inside });
      else if (['sequence', 'choice', 'all'].includes(particle.local))
        this.#particles(particle, schema, inside, members, depth + 1);
      else if (particle.local === 'group') {
        const reference = attributeOf(particle, 'ref');
        const group = reference && this.#globals.get(`group ${resolveName(particle, reference)}`);
        if (group) this.#particles(group.element, group.schema, inside, members, depth + 1);
      }
      if (members.length > 2000) throw new XmlProblem('A type has more than 2000 elements', owner.line, owner.column);
    }
  }

  #attributes(owner: XmlElement, schema: XmlElement, attributes: AttributeMember[], depth: number): void {
    if (depth > deepestDerivation)
      throw new XmlProblem('Attribute groups are nested more than 100 deep', owner.line, owner.column);
    for (const one of childrenOf(owner, undefined, xsd)) {
      const reference = attributeOf(one, 'ref');
      if (one.local === 'attributeGroup' && reference !== undefined) {
        const group = this.#globals.get(`attributeGroup ${resolveName(one, reference)}`);
        if (group) this.#attributes(group.element, group.schema, attributes, depth + 1);
      } else if (one.local === 'attribute' && attributeOf(one, 'use') !== 'prohibited') {
        const global =
          reference === undefined ? undefined : this.#globals.get(`attribute ${resolveName(one, reference)}`);
        const declaration = global?.element ?? one;
        const local = attributeOf(declaration, 'name');
        if (local === undefined) continue;
        const isQualified = global !== undefined || isQualifiedBy(one, schema, 'attributeFormDefault');
        const namespace = isQualified ? (attributeOf(global?.schema ?? schema, 'targetNamespace') ?? '') : '';
        const shape = this.#typeOf(declaration, global?.schema ?? schema);
        if (attributes.some((each) => each.local === local)) continue;
        attributes.push({
          local,
          namespace,
          isRequired: attributeOf(one, 'use') === 'required',
          shape: shape.kind === 'simple' ? shape : anything,
        });
      }
    }
  }

  #member(element: XmlElement, schema: XmlElement): Member {
    const reference = attributeOf(element, 'ref');
    if (reference !== undefined) {
      const name = resolveName(element, reference);
      const target = this.#globals.get(`element ${name}`);
      if (!target) throw new XmlProblem(`The element '${reference}' is not declared`, element.line, element.column);
      return this.#member(target.element, target.schema);
    }
    const local = attributeOf(element, 'name');
    if (local === undefined) throw new XmlProblem('An element has no name', element.line, element.column);
    const isGlobal = this.#globals.get(`element ${qname(attributeOf(schema, 'targetNamespace') ?? '', local)}`);
    const isQualified = isGlobal?.element === element || isQualifiedBy(element, schema, 'elementFormDefault');
    return {
      local,
      namespace: isQualified ? (attributeOf(schema, 'targetNamespace') ?? '') : '',
      isRequired: true,
      isArray: false,
      isNillable: attributeOf(element, 'nillable') === 'true',
      shape: () => this.#typeOf(element, schema),
    };
  }

  #typeOf(declaration: XmlElement, schema: XmlElement): Shape {
    const type = attributeOf(declaration, 'type');
    if (type !== undefined) return this.type(resolveName(declaration, type), declaration);
    const inner = childOf(declaration, 'complexType', xsd) ?? childOf(declaration, 'simpleType', xsd);
    return inner ? this.#shape(inner, schema, null) : anything;
  }
}

function isQualifiedBy(declaration: XmlElement, schema: XmlElement, standard: string): boolean {
  return (attributeOf(declaration, 'form') ?? attributeOf(schema, standard)) === 'qualified';
}

const isMany = (maxOccurs: string | undefined): boolean =>
  maxOccurs !== undefined && (maxOccurs === 'unbounded' || Number(maxOccurs) > 1);

/** An element that a type has at two places may come twice. */
function mergedByName(members: readonly Member[]): Member[] {
  const byName = new Map<QName, Member>();
  for (const member of members) {
    const name = qname(member.namespace, member.local);
    const known = byName.get(name);
    byName.set(name, known ? { ...known, isArray: true, isRequired: known.isRequired || member.isRequired } : member);
  }
  return [...byName.values()];
}
