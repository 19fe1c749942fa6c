import type { InformationFile } from '../../information/information-file.ts';
import { optional, required } from '../../information/property-table.ts';
import { flag, mapOf, oneOf, text } from '../../information/property-types.ts';
import type { Logger } from '../../model/service.ts';
import type { ResourceFolder } from '../folder-index.ts';
import type { Inputs } from '../inputs.ts';

const properties = {
  loggerType: required(oneOf('applicationInsights', 'azureEventHub', 'azureMonitor'), 'What the logger writes to.'),
  description: optional(text({ max: 256 }), 'What the logger is for.'),
  credentials: optional(
    mapOf(text({ secret: true }), 'strings'),
    'Connection settings of the target; values may be `{{named values}}`.',
    new Map<string, string>(),
  ),
  isBuffered: optional(flag, 'Whether records are collected before they are sent.', true),
  resourceId: optional(text(), 'Resource id of the target in Azure.'),
};

export const loggerInformation: InformationFile<typeof properties> = {
  name: 'loggerInformation.json',
  properties,
  accepted: [],
};

export function readLogger(folder: ResourceFolder, inputs: Inputs): Logger | null {
  const information = inputs.information(folder, loggerInformation);
  return information === null ? null : { name: folder.name, ...information.values };
}
