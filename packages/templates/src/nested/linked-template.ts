import { errorBody, TemplateError } from '../errors.ts';
import type { Facts } from '../evaluate/facts.ts';
import { NeedsRuntimeValue } from '../evaluate/needs-runtime-value.ts';
import { readJson } from '../json/reader.ts';
import { isObject, type JsonObject, newObject, property } from '../json/values.ts';
import { limits } from '../limits.ts';
import { type GivenParameter, givenParameters, parametersObject } from '../template/given-parameters.ts';
import { type ParsedTemplate, parseTemplate } from '../template/parsed-template.ts';

/** The template that `templateLink` names, by `uri`, by `relativePath` to the template around it, or by `id` of a template spec. */
export async function linkedTemplate(
  name: string,
  properties: JsonObject,
  facts: Facts,
): Promise<{ template: ParsedTemplate; link: JsonObject }> {
  const given = property(properties, 'templateLink');
  if (!isObject(given))
    throw new TemplateError('MissingTemplateProperty', { property: 'template', what: `the deployment '${name}'` });
  const { text, address, link } = await download(name, given, facts);
  const template = parseTemplate(text);
  const expected = property(given, 'contentVersion');
  if (typeof expected === 'string' && expected !== template.contentVersion) {
    throw new TemplateError('ContentVersionMismatch', { uri: address, actual: template.contentVersion, expected });
  }
  return { template, link };
}

/** The parameters of the file that `parametersLink` names; none when there is no link. */
export async function linkedParameters(
  name: string,
  properties: JsonObject,
  facts: Facts,
): Promise<Map<string, GivenParameter>> {
  const link = property(properties, 'parametersLink');
  if (!isObject(link)) return new Map();
  const { text } = await download(name, link, facts);
  return givenParameters(parametersObject(readJson(text).value), facts.ports);
}

async function download(name: string, given: JsonObject, facts: Facts) {
  const link = resolved(name, given, facts);
  const { uri, id, queryString } = link;
  const address = typeof uri === 'string' ? uri : String(id);
  if (facts.ports.fetchTemplate === undefined)
    throw new TemplateError('LinkedTemplatesUnavailable', { name, uri: address });
  const full =
    typeof uri === 'string' && typeof queryString === 'string' && queryString !== ''
      ? `${uri}?${queryString.replace(/^\?/, '')}`
      : uri;
  let text: string | undefined;
  try {
    text = await facts.ports.fetchTemplate(typeof full === 'string' ? { uri: full } : { id: String(id) });
  } catch (error) {
    if (error instanceof TemplateError) throw error;
    throw new TemplateError('InvalidTemplateLink', { uri: address, reason: errorBody(error).message });
  }
  if (text === undefined) throw new NeedsRuntimeValue('templateLink', undefined);
  const bytes = Buffer.byteLength(text);
  if (bytes > limits.templateBytes)
    throw new TemplateError('TemplateTooLarge', { actual: bytes, limit: limits.templateBytes });
  return { text, address, link };
}

function resolved(name: string, given: JsonObject, facts: Facts): JsonObject {
  const link: JsonObject = Object.assign(newObject(), given);
  const path = property(given, 'relativePath');
  if (typeof path === 'string') {
    const base = facts.deployment.templateLink ? property(facts.deployment.templateLink, 'uri') : undefined;
    if (typeof base !== 'string' || !URL.canParse(path, base)) {
      throw new TemplateError('InvalidTemplateLink', {
        uri: path,
        reason: `the deployment '${name}' gives a relative path, and the template around it was not linked`,
      });
    }
    link.uri = new URL(path, base).href;
  }
  const uri = property(link, 'uri');
  const id = property(link, 'id');
  if (typeof uri !== 'string' && typeof id !== 'string') {
    throw new TemplateError('InvalidTemplateLink', {
      uri: '',
      reason: `the link of the deployment '${name}' has neither 'uri' nor 'relativePath' nor 'id'`,
    });
  }
  if (typeof uri === 'string' && !/^https?:\/\//i.test(uri)) {
    throw new TemplateError('InvalidTemplateLink', { uri, reason: 'only http and https are supported' });
  }
  return link;
}
