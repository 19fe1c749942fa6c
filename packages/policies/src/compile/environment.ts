import type { PolicyDocument, ServiceSchema } from '@lazuli/resources';

/** What a document may refer to: everything of the service that compiling needs to know. */
export interface CompileEnvironment {
  /** Values by DISPLAY name. */
  readonly namedValues: ReadonlyMap<string, string>;
  /** Documents by fragment name. */
  readonly fragments: ReadonlyMap<string, PolicyDocument>;
  readonly backends: ReadonlySet<string>;
  readonly loggers: ReadonlySet<string>;
  /** Certificates by name and by upper-case thumbprint. */
  readonly certificates: ReadonlySet<string>;
  /** Schemas of the service by name. */
  readonly schemas: ReadonlyMap<string, ServiceSchema>;
  /** Makes a policy that is known but not built a logged no-op instead of an error (`--allow-unsupported`). */
  readonly allowUnsupported: boolean;
}
