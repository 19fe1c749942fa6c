import type { Diagnostic } from './diagnostic.ts';

/**
 * Every problem that reading a folder can report: code, severity and message. `{name}` marks what the reader fills in.
 * `docs/errors.md`, section "Resources", lists the same codes; a test compares the two.
 */
export const resourceErrors = {
  // Files and folders
  FileTooLarge: { severity: 'error', message: 'The file has {size} bytes; at most {limit} are read.' },
  TooManyFiles: { severity: 'error', message: 'The folder holds more than {limit} files; the rest is not read.' },
  FolderTooDeep: {
    severity: 'error',
    message: 'The folder is nested more than {limit} levels deep; what is below is not read.',
  },
  LinkLeavesFolder: {
    severity: 'error',
    message: 'The symbolic link leads out of the folder; expected a target inside it.',
  },
  FileUnreadable: { severity: 'error', message: 'The file cannot be read: {reason}.' },
  DirectoryInPlaceOfFile: { severity: 'error', message: 'This is a directory; expected a file of this name.' },
  MissingInformationFile: { severity: 'error', message: "The folder of {kind} '{name}' has no {expected}." },
  DuplicateResource: {
    severity: 'error',
    message: "The {kind} '{name}' is described in '{other}' too; names must differ, whatever their case.",
  },
  InvalidName: { severity: 'error', message: "'{name}' cannot be the name of a resource: {reason}." },
  UnreadFile: { severity: 'warning', message: 'The file is not read here; expected {expected}.' },
  UnsupportedResource: { severity: 'warning', message: '{kind} are not supported; the file is not read.' },
  UnsupportedSpecification: {
    severity: 'warning',
    message:
      '{kind} specifications are not read; the API has only the operations that operationInformation.json files give.',
  },
  SeveralSpecifications: {
    severity: 'error',
    message: "The API has more than one specification; '{other}' is read. Expected one.",
  },

  // Syntax
  InvalidEncoding: { severity: 'error', message: 'The file is not valid UTF-8.' },
  NulCharacter: { severity: 'error', message: 'The file holds a NUL character; expected text.' },
  NestedTooDeep: { severity: 'error', message: 'The document is nested more than {limit} levels deep.' },
  JsonSyntax: { severity: 'error', message: 'Not valid JSON: {reason}.' },
  DuplicateKey: { severity: 'error', message: "The key '{key}' stands twice in the same object; expected it once." },
  YamlSyntax: { severity: 'error', message: 'Not valid YAML: {reason}.' },
  YamlTag: { severity: 'warning', message: 'Questionable YAML: {reason}.' },
  TooManyAliases: {
    severity: 'error',
    message: 'The document expands its aliases too often; expected at most {limit} expansions.',
  },

  // Information files
  WrongType: { severity: 'error', message: '{what} is {actual}; expected {expected}.' },
  MissingProperty: { severity: 'error', message: "'{property}' is missing; expected {expected}." },
  InvalidValue: { severity: 'error', message: "{what} has the value '{actual}'; expected {expected}." },
  UnknownProperty: { severity: 'warning', message: "The property '{property}' is not known and not read{suggestion}" },
  RevisionMismatch: {
    severity: 'error',
    message: "apiRevision is '{actual}' but the folder is named ';rev={expected}'; expected the same number.",
  },
  InvalidRevisionName: { severity: 'error', message: "'{name}' is no revision; expected ';rev=' and a number from 1." },

  // References
  UnknownReference: { severity: 'error', message: "There is no {kind} '{name}'{suggestion}" },
  InvalidReference: { severity: 'error', message: "'{actual}' names no {kind}; expected {expected}." },
  UnknownOwner: { severity: 'warning', message: "There is no user '{name}' in the users folder{suggestion}" },
  UnknownOperation: { severity: 'error', message: "The API has no operation '{name}'{suggestion}" },
  PoolInPool: { severity: 'error', message: "'{name}' is a pool; a pool holds single backends only." },

  // Contradictions between resources
  DuplicateApiPath: {
    severity: 'error',
    message: "The API '{other}' has the same path '{path}' and version '{version}'.",
  },
  DuplicateRevision: { severity: 'error', message: "'{other}' is revision {revision} of this API too." },
  RevisionWithoutBase: { severity: 'error', message: "There is no folder 'apis/{name}' that this is a revision of." },
  SeveralCurrentRevisions: {
    severity: 'error',
    message: "'{other}' is the current revision of this API too; expected exactly one.",
  },
  NoCurrentRevision: {
    severity: 'error',
    message: "No revision of the API '{name}' is current; expected exactly one with isCurrent true.",
  },
  VersionWithoutSet: {
    severity: 'error',
    message: "apiVersion is '{version}' but apiVersionSetId is missing; expected a version set.",
  },
  VersionParameterMissing: {
    severity: 'error',
    message: "The versioning scheme is {scheme} but '{property}' is missing.",
  },
  SeveralOpenProducts: {
    severity: 'error',
    message:
      "The API '{api}' is also in the product '{other}', which needs no subscription; an API may be in one such product only.",
  },
  DuplicateDisplayName: {
    severity: 'error',
    message: "The named value '{other}' has the same displayName '{displayName}'; policies could mean either.",
  },
  DuplicateSubscriptionKey: {
    severity: 'error',
    message: "The subscription '{other}' has the same key; expected keys to differ.",
  },
  DuplicateOperation: {
    severity: 'error',
    message: "The operation '{other}' has the same method and URL template: {method} {urlTemplate}.",
  },
  DuplicateOperationName: {
    severity: 'error',
    message: "The operationId '{name}' is used twice; expected it to be unique in the document.",
  },

  // Secrets
  MissingSecret: {
    severity: 'error',
    message:
      "The {kind} '{name}' has no value; set the environment variable {variable} or give it in the secrets file under {section}.",
  },
  SecretInFolder: {
    severity: 'warning',
    message:
      "The secret value of '{name}' stands in the folder; set {variable} or use the secrets file instead, so that it does not reach Git.",
  },
  MissingSubscriptionKeys: {
    severity: 'warning',
    message:
      "The subscription '{name}' has no keys and lets nobody in; set {variable}, or give primaryKey in the secrets file.",
  },
  UnusedSecret: {
    severity: 'warning',
    message: "The secrets file names the {kind} '{name}', which does not exist{suggestion}",
  },
  InvalidCertificate: { severity: 'error', message: "The certificate '{name}' cannot be read: {reason}." },

  // Specifications
  UnsupportedVersion: {
    severity: 'error',
    message: 'The specification says {actual}; expected \'swagger: "2.0"\', or openapi 3.0.x or 3.1.x.',
  },
  BrokenReference: { severity: 'error', message: "'{reference}' leads nowhere: {reason}." },
  ReferenceLeavesFolder: {
    severity: 'error',
    message: "'{reference}' leads out of the folder; expected a file inside it.",
  },
  RemoteReference: {
    severity: 'error',
    message: "'{reference}' is on another machine; expected a file inside the folder.",
  },
  CircularReference: { severity: 'error', message: "'{reference}' refers to itself." },
  ParameterNotInTemplate: { severity: 'error', message: "The path parameter '{name}' is not in the path '{path}'." },
  DuplicateParameter: {
    severity: 'error',
    message: "The parameter '{name}' stands twice in the URL template; names must differ, whatever their case.",
  },
  InvalidPath: { severity: 'error', message: "The path '{path}' is not valid: {reason}." },
} as const satisfies Record<string, { severity: Diagnostic['severity']; message: string }>;

export type ResourceErrorCode = keyof typeof resourceErrors;

type Placeholders<Message extends string> = Message extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

/** What the message of a code needs to be told. */
export type ResourceErrorDetails<Code extends ResourceErrorCode> = Readonly<
  Record<Placeholders<(typeof resourceErrors)[Code]['message']>, string | number>
>;

/** Where a problem is; line and column from 1, both 0 when it has no place inside the file. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Makes the diagnostic of a code from the table. */
export function problem<Code extends ResourceErrorCode>(
  code: Code,
  place: Place,
  details: ResourceErrorDetails<Code>,
): Diagnostic {
  const { severity, message } = resourceErrors[code];
  const values: Readonly<Record<string, string | number>> = details;
  return {
    code,
    severity,
    file: place.file,
    line: place.line,
    column: place.column,
    message: message.replace(/\{(\w+)\}/g, (_, name: string) => shorten(String(values[name] ?? ''))),
  };
}

/** Keeps a hostile value from filling the screen. */
function shorten(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
