import { NetException } from '../../runtime/exceptions.ts';
import { toStringOf } from '../../runtime/object.ts';
import type { Uniform } from '../../runtime/values.ts';
import { declareType, type Implementation, type TypeDeclaration } from '../declare.ts';

/** Name, base, and the message of the constructor without arguments. */
const table: readonly (readonly [name: string, base: string, message: string])[] = [
  ['System.SystemException', 'System.Exception', 'System error.'],
  ['System.ApplicationException', 'System.Exception', 'Error in the application.'],
  ['System.ArgumentException', 'System.SystemException', 'Value does not fall within the expected range.'],
  ['System.ArgumentNullException', 'System.ArgumentException', 'Value cannot be null.'],
  [
    'System.ArgumentOutOfRangeException',
    'System.ArgumentException',
    'Specified argument was out of the range of valid values.',
  ],
  ['System.ArithmeticException', 'System.SystemException', 'Overflow or underflow in the arithmetic operation.'],
  ['System.DivideByZeroException', 'System.ArithmeticException', 'Attempted to divide by zero.'],
  ['System.OverflowException', 'System.ArithmeticException', 'Arithmetic operation resulted in an overflow.'],
  ['System.FormatException', 'System.SystemException', 'One of the identified items was in an invalid format.'],
  [
    'System.UriFormatException',
    'System.FormatException',
    'Invalid URI: The format of the URI could not be determined.',
  ],
  ['System.IndexOutOfRangeException', 'System.SystemException', 'Index was outside the bounds of the array.'],
  ['System.InvalidCastException', 'System.SystemException', 'Specified cast is not valid.'],
  [
    'System.InvalidOperationException',
    'System.SystemException',
    'Operation is not valid due to the current state of the object.',
  ],
  ['System.ObjectDisposedException', 'System.InvalidOperationException', 'Cannot access a disposed object.'],
  ['System.NotImplementedException', 'System.SystemException', 'The method or operation is not implemented.'],
  ['System.NotSupportedException', 'System.SystemException', 'Specified method is not supported.'],
  ['System.NullReferenceException', 'System.SystemException', 'Object reference not set to an instance of an object.'],
  [
    'System.RankException',
    'System.SystemException',
    'Attempted to operate on an array with the incorrect number of dimensions.',
  ],
  [
    'System.ArrayTypeMismatchException',
    'System.SystemException',
    'Attempted to access an element as a type incompatible with the array.',
  ],
  ['System.TimeoutException', 'System.SystemException', 'The operation has timed out.'],
  ['System.TimeZoneNotFoundException', 'System.Exception', 'The time zone was not found.'],
  [
    'System.Collections.Generic.KeyNotFoundException',
    'System.SystemException',
    'The given key was not present in the dictionary.',
  ],
  ['System.IO.IOException', 'System.SystemException', 'I/O error occurred.'],
  ['System.IO.InvalidDataException', 'System.SystemException', 'Found invalid data while decoding.'],
  [
    'System.Text.DecoderFallbackException',
    'System.ArgumentException',
    'Value does not fall within the expected range.',
  ],
  [
    'System.Text.EncoderFallbackException',
    'System.ArgumentException',
    'Value does not fall within the expected range.',
  ],
];

const withParameter = (name: string, message: string, parameter: string | null) =>
  new NetException(name, parameter ? `${message}\r\nParameter name: ${parameter}` : message, null, {
    ParamName: parameter,
  });

/** A member that code can set. */
const text = (name: string) => ({
  get: (self: NetException) => self.data[name] ?? null,
  set: (self: NetException, value: string | null) => {
    self.data[name] = value;
  },
});

/** The constructors: ArgumentNullException and ArgumentOutOfRangeException take the parameter's name first. */
function constructors(name: string, standard: string): Record<string, Implementation> {
  const own: Record<string, Implementation> = { 'new()': () => new NetException(name, standard) };
  const parameterFirst = /ArgumentNull|ArgumentOutOfRange/.test(name);
  if (parameterFirst) {
    own['new(string paramName)'] = (parameter: string | null) => withParameter(name, standard, parameter);
    own['new(string paramName, string message)'] = (parameter: string | null, message: string | null) =>
      withParameter(name, message ?? standard, parameter);
  } else {
    own['new(string message)'] = (message: string | null) =>
      new NetException(name, message ?? `Exception of type '${name}' was thrown.`);
  }
  own['new(string message, Exception innerException)'] = (message: string | null, inner: NetException | null) =>
    new NetException(name, message ?? standard, inner);
  if (name === 'System.ArgumentOutOfRangeException') {
    own['new(string paramName, object actualValue, string message)'] = (
      parameter: string | null,
      actual: Uniform,
      message: string | null,
    ) => {
      const shown = actual === null ? '' : `\r\nActual value was ${toStringOf(actual)}.`;
      const { message: said } = withParameter(name, message ?? standard, parameter);
      return new NetException(name, said + shown, null, { ParamName: parameter, ActualValue: actual });
    };
  }
  if (name === 'System.ObjectDisposedException') {
    delete own['new()'];
    own['new(string objectName)'] = (object: string | null) => disposed(name, standard, object);
    delete own['new(string message)'];
    own['new(string objectName, string message)'] = (object: string | null, message: string | null) =>
      disposed(name, message ?? standard, object);
  }
  if (name === 'System.ArgumentException') {
    own['new(string message, string paramName, Exception innerException)'] = (
      message: string | null,
      parameter: string | null,
      inner: NetException | null,
    ) =>
      new NetException(name, withParameter(name, message ?? standard, parameter).message, inner, {
        ParamName: parameter,
      });
    own['new(string message, string paramName)'] = (message: string | null, parameter: string | null) =>
      withParameter(name, message ?? standard, parameter);
  }
  return own;
}

const disposed = (name: string, message: string, object: string | null) =>
  new NetException(name, object ? `${message}\r\nObject name: '${object}'.` : message, null, {
    ObjectName: object ?? '',
  });

/** What an exception has besides what all have. */
const extraMembers: Readonly<Record<string, Readonly<Record<string, Implementation>>>> = {
  'System.ArgumentException': {
    'string ParamName { get; }': (self: NetException) => self.data.ParamName ?? null,
  },
  'System.ArgumentOutOfRangeException': {
    'object ActualValue { get; }': (self: NetException) => self.data.ActualValue ?? null,
  },
  'System.ObjectDisposedException': {
    'string ObjectName { get; }': (self: NetException) => self.data.ObjectName ?? '',
  },
};

/** Exception and the exceptions of the base library. */
export const exceptionTypes: readonly TypeDeclaration[] = [
  declareType({
    name: 'System.Exception',
    kind: 'class',
    test: (value) => value instanceof NetException,
    members: {
      ...constructors('System.Exception', "Exception of type 'System.Exception' was thrown."),
      'string Message { get; }': (self: NetException) => self.message,
      'Exception InnerException { get; }': (self: NetException) => self.inner,
      'Exception GetBaseException()': (self: NetException) => {
        let exception = self;
        while (exception.inner) exception = exception.inner;
        return exception;
      },
      'string StackTrace { get; }': () => '',
      'string Source { get; set; }': text('Source'),
      'string HelpLink { get; set; }': text('HelpLink'),
      'int HResult { get; }': () => -2146233088,
      'string ToString()': (self: NetException) => toStringOf(self),
    },
    refused: {
      Data: 'its type, System.Collections.IDictionary, is not among the .NET types that API Management allows.',
      TargetSite: 'policy expressions have no reflection.',
    },
  }),
  ...table.map(([name, base, message]) =>
    declareType({
      name,
      kind: 'class',
      base,
      members: {
        ...constructors(name, message),
        ...extraMembers[name],
      },
    }),
  ),
];
