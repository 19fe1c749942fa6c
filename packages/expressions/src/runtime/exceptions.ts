import { netType } from './values.ts';

/**
 * A .NET exception in flight. `typeName` is the full .NET name; catch clauses match it against the declared
 * hierarchy. Anything else that is thrown (a {@link BudgetExceeded}, a defect) passes through every catch clause.
 */
export class NetException extends Error {
  readonly typeName: string;
  readonly inner: NetException | null;
  /** Extra members that some exceptions have (`ParamName`, `LineNumber` ...), and those that can be set. */
  readonly data: Record<string, unknown>;
  constructor(
    typeName: string,
    message: string,
    inner: NetException | null = null,
    data: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = typeName;
    this.typeName = typeName;
    this.inner = inner;
    this.data = { ...data };
  }
  get [netType](): string {
    return this.typeName;
  }
}

/** The evaluation took more steps or memory than it may: not a .NET exception, no catch clause sees it. */
export class BudgetExceeded extends Error {}

export const nullReference = () =>
  new NetException('System.NullReferenceException', 'Object reference not set to an instance of an object.');

export const invalidCast = (from: string, to: string) =>
  new NetException('System.InvalidCastException', `Unable to cast object of type '${from}' to type '${to}'.`);

export const formatException = (message = 'Input string was not in a correct format.') =>
  new NetException('System.FormatException', message);

export const argumentNull = (parameter: string) =>
  new NetException('System.ArgumentNullException', `Value cannot be null.\r\nParameter name: ${parameter}`, null, {
    ParamName: parameter,
  });

export const argumentOutOfRange = (
  parameter: string,
  message = 'Specified argument was out of the range of valid values.',
) =>
  new NetException('System.ArgumentOutOfRangeException', `${message}\r\nParameter name: ${parameter}`, null, {
    ParamName: parameter,
  });

export const argumentException = (message: string, parameter?: string) =>
  new NetException(
    'System.ArgumentException',
    parameter ? `${message}\r\nParameter name: ${parameter}` : message,
    null,
    {
      ParamName: parameter ?? null,
    },
  );

export const invalidOperation = (message: string) => new NetException('System.InvalidOperationException', message);

export const overflow = (message = 'Arithmetic operation resulted in an overflow.') =>
  new NetException('System.OverflowException', message);

export const indexOutOfRange = () =>
  new NetException('System.IndexOutOfRangeException', 'Index was outside the bounds of the array.');

export const keyNotFound = () =>
  new NetException(
    'System.Collections.Generic.KeyNotFoundException',
    'The given key was not present in the dictionary.',
  );
