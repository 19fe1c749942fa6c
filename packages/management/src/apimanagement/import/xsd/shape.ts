/** What an XML element may hold, as far as JSON can say it. */
export type Shape = SimpleShape | ComplexShape;

export interface SimpleShape {
  readonly kind: 'simple';
  /** `float` may be INF and NaN, which JSON numbers cannot. */
  readonly type: 'string' | 'boolean' | 'integer' | 'number' | 'float';
  readonly format?: string;
  /** Values that it may have; empty: any. */
  readonly values: readonly string[];
}

export interface ComplexShape {
  readonly kind: 'complex';
  /** Name of a global type. The same type is the same object, also inside itself. */
  readonly name: string | null;
  readonly members: readonly Member[];
  readonly attributes: readonly AttributeMember[];
  /** Text between its tags. */
  readonly text: SimpleShape | null;
  /** An array of SOAP's own encoding, which no schema describes. */
  readonly isEncodedArray: boolean;
}

export interface Member {
  readonly local: string;
  /** Empty for an unqualified element. */
  readonly namespace: string;
  readonly isRequired: boolean;
  readonly isArray: boolean;
  readonly isNillable: boolean;
  readonly shape: () => Shape;
}

export interface AttributeMember {
  readonly local: string;
  readonly namespace: string;
  readonly isRequired: boolean;
  readonly shape: SimpleShape;
}
