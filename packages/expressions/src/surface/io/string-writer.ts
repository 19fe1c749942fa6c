import { formatComposite } from '../../runtime/format-composite.ts';
import { toStringMember, toStringOf } from '../../runtime/object.ts';
import { StringBuilder } from '../../runtime/string-builder.ts';
import { fromChars } from '../../runtime/text.ts';
import { box, netType, type Uniform } from '../../runtime/values.ts';
import { declareType, type Implementation, type TypeDeclaration } from '../declare.ts';

/** `System.IO.StringWriter`: writes into a StringBuilder. */
export class StringWriter {
  readonly [netType] = 'System.IO.StringWriter';
  readonly builder: StringBuilder;
  newLine = '\r\n';
  constructor(builder: StringBuilder | null = null) {
    this.builder = builder ?? new StringBuilder();
  }
  dispose(): void {
    // The text stays readable after Dispose, as in .NET.
  }
  [toStringMember](): string {
    return this.builder.text;
  }
}

const values: Readonly<Record<string, string>> = {
  object: 'System.Object',
  string: 'System.String',
  bool: 'System.Boolean',
  char: 'System.Char',
  int: 'System.Int32',
  uint: 'System.UInt32',
  long: 'System.Int64',
  ulong: 'System.UInt64',
  float: 'System.Single',
  double: 'System.Double',
  decimal: 'System.Decimal',
};

const writes: Record<string, Implementation> = {};
for (const [keyword, type] of Object.entries(values)) {
  writes[`void Write(${keyword} value)`] = (self: StringWriter, value: unknown) => {
    self.builder.append(toStringOf(box(type, value)));
  };
  writes[`void WriteLine(${keyword} value)`] = (self: StringWriter, value: unknown) => {
    self.builder.append(toStringOf(box(type, value))).append(self.newLine);
  };
}

export const writerTypes: readonly TypeDeclaration[] = [
  declareType({
    name: 'System.IO.TextWriter',
    kind: 'class',
    interfaces: ['IDisposable'],
    test: (value) => value instanceof StringWriter,
    members: {
      ...writes,
      'void Write(char[] buffer)': (self: StringWriter, chars: readonly Uniform[] | null) => {
        self.builder.append(fromChars(chars ?? []));
      },
      'void Write(string format, params object[] arg)': (
        self: StringWriter,
        format: string | null,
        args: readonly Uniform[] | null,
      ) => {
        self.builder.append(formatComposite(format, args ?? []));
      },
      'void WriteLine()': (self: StringWriter) => {
        self.builder.append(self.newLine);
      },
      'void WriteLine(string format, params object[] arg)': (
        self: StringWriter,
        format: string | null,
        args: readonly Uniform[] | null,
      ) => {
        self.builder.append(formatComposite(format, args ?? [])).append(self.newLine);
      },
      'string NewLine { get; set; }': {
        get: (self: StringWriter) => self.newLine,
        set: (self: StringWriter, value: string | null) => {
          self.newLine = value ?? '\r\n';
        },
      },
      'void Flush()': () => undefined,
      'void Close()': () => undefined,
    },
  }),
  declareType({
    name: 'System.IO.StringWriter',
    kind: 'class',
    base: 'System.IO.TextWriter',
    test: (value) => value instanceof StringWriter,
    members: {
      'new()': () => new StringWriter(),
      'new(StringBuilder sb)': (builder: StringBuilder | null) => new StringWriter(builder),
      'new(IFormatProvider formatProvider)': () => new StringWriter(),
      'StringBuilder GetStringBuilder()': (self: StringWriter) => self.builder,
      'string ToString()': (self: StringWriter) => self.builder.text,
    },
  }),
];
