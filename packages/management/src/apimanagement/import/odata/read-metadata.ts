import { attributeOf, childrenOf, readXmlTree, type XmlElement, XmlProblem } from '../xml/xml-tree.ts';

/** What an OData service offers. */
export interface Metadata {
  /** `2` stands for the versions before 4. */
  readonly version: 2 | 4;
  /** Name of the entity container. */
  readonly container: string;
  readonly entitySets: readonly EntitySet[];
  readonly singletons: readonly { readonly name: string; readonly type: EntityType }[];
  readonly functionImports: readonly Callable[];
  readonly actionImports: readonly Callable[];
  /** Bound functions and actions. */
  readonly bound: readonly BoundCallable[];
}

export interface EntitySet {
  readonly name: string;
  readonly type: EntityType;
}

export interface EntityType {
  /** With its namespace. */
  readonly name: string;
  readonly keys: readonly Property[];
  readonly navigation: readonly string[];
  /** Itself and those that it derives from. */
  readonly lineage: readonly string[];
}

export interface Property {
  readonly name: string;
  /** `Edm.String` */
  readonly type: string;
}

export interface Callable {
  readonly name: string;
  readonly parameters: readonly Property[];
  /** Before version 4: the method of a function import. */
  readonly method?: string | undefined;
}

export interface BoundCallable extends Callable {
  readonly kind: 'function' | 'action';
  /** With its namespace, as a URL names it. */
  readonly qualified: string;
  readonly boundTo: string;
  readonly isCollection: boolean;
}

const deepestInheritance = 100;

/** @throws {XmlProblem} */
export function readMetadata(text: string): Metadata {
  const root = readXmlTree(text);
  const isEdmx =
    root.local === 'Edmx' &&
    /(oasis-open\.org\/odata\/ns\/edmx|microsoft\.com\/ado\/2007\/06\/edmx)/.test(root.namespace);
  if (!isEdmx)
    throw new XmlProblem(
      `The root element is '${root.local}' of '${root.namespace}': expected 'Edmx' of OData metadata`,
      root.line,
      root.column,
    );
  const schemas = childrenOf(root, 'DataServices').flatMap((one) => childrenOf(one, 'Schema'));
  const types = new Types(schemas);
  const containers = schemas.flatMap((schema) => childrenOf(schema, 'EntityContainer'));
  const [first] = containers;
  if (!first) throw new XmlProblem('The metadata has no EntityContainer', root.line, root.column);
  const inContainers = (local: string) => containers.flatMap((one) => childrenOf(one, local));
  const callables = schemas.flatMap((schema) =>
    (['Function', 'Action'] as const).flatMap((local) =>
      childrenOf(schema, local).map((element) => ({ element, schema, local })),
    ),
  );
  const importsOf = (local: 'Function' | 'Action'): Callable[] =>
    inContainers(`${local}Import`).flatMap((element) => {
      const name = required(element, 'Name');
      const referred = attributeOf(element, local);
      if (referred === undefined) return [{ name, parameters: parametersOf(element), method: methodOf(element) }];
      // Overloads of an unbound function are told apart by their parameters.
      const overloads = callables.filter(
        (one) =>
          one.local === local &&
          attributeOf(one.element, 'IsBound') !== 'true' &&
          types.names(one.schema, required(one.element, 'Name')).includes(referred),
      );
      if (overloads.length === 0)
        throw new XmlProblem(`The ${local.toLowerCase()} '${referred}' is not declared`, element.line, element.column);
      return overloads.map((one) => ({ name, parameters: parametersOf(one.element) }));
    });
  return {
    version: /^4/.test(attributeOf(root, 'Version') ?? '') ? 4 : 2,
    container: required(first, 'Name'),
    entitySets: inContainers('EntitySet').map((element) => ({
      name: required(element, 'Name'),
      type: types.entity(required(element, 'EntityType'), element),
    })),
    singletons: inContainers('Singleton').map((element) => ({
      name: required(element, 'Name'),
      type: types.entity(required(element, 'Type'), element),
    })),
    functionImports: importsOf('Function'),
    actionImports: importsOf('Action'),
    bound: callables.flatMap(({ element, schema, local }): BoundCallable[] => {
      const [binding, ...parameters] = parametersOf(element);
      if (attributeOf(element, 'IsBound') !== 'true' || !binding) return [];
      const name = required(element, 'Name');
      const collection = /^Collection\((.*)\)$/.exec(binding.type)?.[1];
      return [
        {
          kind: local === 'Function' ? 'function' : 'action',
          name,
          qualified: `${attributeOf(schema, 'Namespace') ?? ''}.${name}`,
          boundTo: types.canonical(collection ?? binding.type),
          isCollection: collection !== undefined,
          parameters,
        },
      ];
    }),
  };
}

class Types {
  readonly #elements = new Map<string, { readonly element: XmlElement; readonly name: string }>();
  readonly #read = new Map<string, EntityType>();

  constructor(schemas: readonly XmlElement[]) {
    for (const schema of schemas)
      for (const element of childrenOf(schema, 'EntityType')) {
        const names = this.names(schema, required(element, 'Name'));
        for (const name of names) this.#elements.set(name, { element, name: names[0] ?? name });
      }
  }

  /** A type is named with the namespace of its schema or with its alias. */
  names(schema: XmlElement, name: string): string[] {
    return [attributeOf(schema, 'Namespace'), attributeOf(schema, 'Alias')].flatMap((one) =>
      one === undefined ? [] : [`${one}.${name}`],
    );
  }

  canonical(name: string): string {
    return this.#elements.get(name)?.name ?? name;
  }

  entity(name: string, from: XmlElement, depth = 0): EntityType {
    const found = this.#elements.get(name);
    if (!found) throw new XmlProblem(`The entity type '${name}' is not declared`, from.line, from.column);
    const known = this.#read.get(found.name);
    if (known) return known;
    const { element } = found;
    if (depth > deepestInheritance)
      throw new XmlProblem('Entity types derive from themselves or too many others', element.line, element.column);
    const baseName = attributeOf(element, 'BaseType');
    const base = baseName === undefined ? undefined : this.entity(baseName, element, depth + 1);
    const properties = new Map(
      childrenOf(element, 'Property').map((one) => [required(one, 'Name'), attributeOf(one, 'Type') ?? 'Edm.String']),
    );
    const own = childrenOf(element, 'Key').flatMap((key) =>
      childrenOf(key, 'PropertyRef').map((reference): Property => {
        const keyName = required(reference, 'Name');
        return { name: attributeOf(reference, 'Alias') ?? keyName, type: properties.get(keyName) ?? 'Edm.String' };
      }),
    );
    const type: EntityType = {
      name: found.name,
      keys: own.length > 0 ? own : (base?.keys ?? []),
      navigation: [
        ...(base?.navigation ?? []),
        ...childrenOf(element, 'NavigationProperty').map((one) => required(one, 'Name')),
      ],
      lineage: [found.name, ...(base?.lineage ?? [])],
    };
    this.#read.set(found.name, type);
    return type;
  }
}

function parametersOf(element: XmlElement): Property[] {
  return childrenOf(element, 'Parameter').map((one) => ({
    name: required(one, 'Name'),
    type: attributeOf(one, 'Type') ?? 'Edm.String',
  }));
}

function methodOf(element: XmlElement): string | undefined {
  return element.attributes.find(([name]) => name.replace(/^.*:/, '') === 'HttpMethod')?.[1];
}

function required(element: XmlElement, name: string): string {
  const value = attributeOf(element, name);
  if (value === undefined || value === '')
    throw new XmlProblem(`The element '${element.local}' has no ${name}`, element.line, element.column);
  return value;
}
