import type { JsonObject, JsonValue } from '@lazuli/store';
import type { BodyProblem } from '../contract.ts';
import { armError } from '../errors.ts';
import type { ArmId } from '../ids/arm-id.ts';
import { isJsonObject, memberOf } from '../json/json.ts';
import type { Location } from '../services.ts';

/** Azure's limits ("Use tags to organize your Azure resources", limitations). */
const tagLimits = { count: 50, name: 512, value: 256 };

/** `West Europe` as `westeurope`. */
export function locationName(text: string): string {
  return text.replaceAll(' ', '').toLowerCase();
}

/**
 * `location` of a tracked resource: required at creation, one of those that are served, fixed afterwards.
 * @throws {ArmError} `LocationRequired`, `LocationNotAvailableForResourceType`, `InvalidResourceLocation`.
 */
export function checkLocation(
  body: JsonObject,
  stored: JsonObject | undefined,
  id: ArmId,
  locations: readonly Location[],
): string {
  const given = memberOf(body, 'location');
  const before = stored?.location;
  if (typeof given !== 'string' || given === '') {
    if (typeof before === 'string') return before;
    throw armError('LocationRequired');
  }
  const name = locationName(given);
  const known = locations.find((location) => location.name === name || locationName(location.displayName) === name);
  if (known === undefined && name !== 'global')
    throw armError('LocationNotAvailableForResourceType', {
      location: given,
      type: id.type,
      supported: locations.map((location) => location.name).join(','),
    });
  if (typeof before === 'string' && locationName(before) !== name)
    throw armError('InvalidResourceLocation', {
      name: id.name,
      existing: before,
      resourceGroup: id.resourceGroup ?? '',
      location: name,
    });
  return known?.name ?? name;
}

/** Problems of `tags`; undefined tags have none. */
export function tagProblems(tags: JsonValue | undefined): BodyProblem[] {
  if (tags === undefined || tags === null) return [];
  if (!isJsonObject(tags))
    return [{ target: 'tags', message: 'The tags must be an object of strings.', code: 'InvalidTagNameOrValue' }];
  const problems: BodyProblem[] = [];
  const problem = (target: string, message: string) =>
    problems.push({ target, message, code: 'InvalidTagNameOrValue' });
  const names = Object.keys(tags);
  if (names.length > tagLimits.count)
    problem('tags', `There are ${names.length} tags: at most ${tagLimits.count} are allowed.`);
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(tags)) {
    if (name === '' || name.length > tagLimits.name || /[<>%&\\?/]/.test(name))
      problem(`tags.${name}`, `The tag name must have 1 to ${tagLimits.name} characters, none of < > % & \\ ? /.`);
    if (seen.has(name.toLowerCase()))
      problem(`tags.${name}`, 'The tag is given twice; tag names are compared without regard to case.');
    seen.add(name.toLowerCase());
    if (typeof value !== 'string' || value.length > tagLimits.value)
      problem(`tags.${name}`, `The value must be a string of at most ${tagLimits.value} characters.`);
  }
  return problems;
}
