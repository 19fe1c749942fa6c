import { isObject } from '../../documents/document.ts';
import type { InformationFile } from '../../information/information-file.ts';
import { object, optional, required } from '../../information/property-table.ts';
import { anyObject, flag, number, oneOf } from '../../information/property-types.ts';
import type { DiagnosticSettings } from '../../model/service.ts';
import type { ResourceFolder } from '../folder-index.ts';
import type { Inputs } from '../inputs.ts';
import { referenceTo } from '../reference-type.ts';

const properties = {
  loggerId: required(referenceTo('logger'), 'The logger that records go to.'),
  alwaysLog: optional(oneOf('allErrors'), 'Whether failed requests are logged whatever the sampling.'),
  sampling: optional(
    object({
      samplingType: optional(oneOf('fixed'), 'How requests are chosen.', 'fixed'),
      percentage: optional(number(0, 100), 'Share of requests that are logged.', 100),
    }),
    'Which requests are logged.',
  ),
  verbosity: optional(oneOf('verbose', 'information', 'error'), 'Which traces are logged.', 'information'),
  httpCorrelationProtocol: optional(oneOf('None', 'Legacy', 'W3C'), 'Correlation headers.', 'Legacy'),
  logClientIp: optional(flag, 'Whether the address of the caller is logged.', true),
  metrics: optional(flag, 'Whether `emit-metric` has an effect.', false),
  operationNameFormat: optional(oneOf('Name', 'Url'), 'How requests are named.'),
  frontend: optional(anyObject, 'What is logged of requests and responses at the gateway.'),
  backend: optional(anyObject, 'What is logged of requests and responses at the backend.'),
  largeLanguageModel: optional(anyObject, 'What is logged of prompts and completions.'),
};

export const diagnosticInformation: InformationFile<typeof properties> = {
  name: 'diagnosticInformation.json',
  properties,
  accepted: ['enabled', 'enableHttpCorrelationHeaders'],
};

/** Reads a diagnostic of the service or, with its folder, of an API. */
export function readDiagnosticSettings(folder: ResourceFolder, inputs: Inputs): DiagnosticSettings | null {
  const information = inputs.information(folder, diagnosticInformation);
  if (information === null) return null;
  const { values } = information;
  const logger = inputs.resolve(values.loggerId);
  const given: Record<string, unknown> = {
    operationNameFormat: values.operationNameFormat,
    frontend: values.frontend,
    backend: values.backend,
    largeLanguageModel: values.largeLanguageModel,
  };
  return {
    name: folder.name,
    logger,
    alwaysLog: values.alwaysLog,
    samplingPercentage: values.sampling?.percentage ?? 100,
    verbosity: values.verbosity,
    httpCorrelationProtocol: values.httpCorrelationProtocol,
    logClientIp: values.logClientIp,
    metrics: values.metrics,
    properties: Object.fromEntries(
      Object.entries(given).filter(([, value]) => isObject(value) || typeof value === 'string'),
    ),
  };
}
