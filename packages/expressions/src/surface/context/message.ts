import type { BodyView, RequestView, ResponseView, UrlView } from '../../context-host.ts';
import { responseVariable } from '../../context-host.ts';
import { netArray, netType } from '../../runtime/values.ts';
import { Certificate } from '../../runtime/x509/certificate.ts';
import { declareType, generic, type RuntimeType, type TypeDeclaration } from '../declare.ts';
import { formPairs, formText, readBody } from './body.ts';
import { headersDictionary, MapDictionary } from './dictionaries.ts';
import { Url } from './url.ts';

/** `context.Request`. */
export class Request {
  get [netType](): string {
    return 'Microsoft.Azure.ApiManagement.IRequest';
  }
  readonly view: RequestView;
  constructor(view: RequestView) {
    this.view = view;
  }
}

/** An `IResponse`: `context.Response`, or what send-request stored in a variable. */
export class Response {
  get [netType](): string {
    return 'Microsoft.Azure.ApiManagement.IResponse';
  }
  readonly [responseVariable]: ResponseView;
  constructor(view: ResponseView) {
    this[responseVariable] = view;
  }
}

export class MessageBody {
  get [netType](): string {
    return 'Microsoft.Azure.ApiManagement.IMessageBody';
  }
  readonly view: BodyView;
  constructor(view: BodyView) {
    this.view = view;
  }
}

const bodyOf = (view: BodyView | null) => view && new MessageBody(view);
const urlOf = (view: UrlView) => new Url(view);

export const messageTypes: readonly TypeDeclaration[] = [
  declareType({
    name: 'Microsoft.Azure.ApiManagement.IRequest',
    kind: 'interface',
    test: (value) => value instanceof Request,
    members: {
      'IMessageBody Body { get; }': ({ view }: Request) => bodyOf(view.body),
      'X509Certificate2 Certificate { get; }': ({ view }: Request) =>
        view.certificate && Certificate.of(view.certificate),
      'IReadOnlyDictionary<string, string[]> Headers { get; }': ({ view }: Request) => headersDictionary(view.headers),
      'IEnumerable<X509Certificate> ClientCertificates { get; }': ({ view }: Request) =>
        netArray(
          'System.Security.Cryptography.X509Certificates.X509Certificate',
          view.certificate ? [Certificate.of(view.certificate)] : [],
        ),
      'bool HasBody { get; }': ({ view }: Request) => view.body !== null,
      'string IpAddress { get; }': ({ view }: Request) => view.ipAddress,
      'IReadOnlyDictionary<string, string> MatchedParameters { get; }': ({ view }: Request) =>
        new MapDictionary('System.String', view.matchedParameters),
      'string Method { get; }': ({ view }: Request) => view.method,
      'IUrl OriginalUrl { get; }': ({ view }: Request) => urlOf(view.originalUrl),
      'IUrl Url { get; }': ({ view }: Request) => urlOf(view.url),
    },
    refused: {
      Foundry: 'it exists only for APIs of Azure AI Foundry.',
      PrivateEndpointConnection: 'private endpoints exist only in Azure.',
      AzureVnetInfo: 'Azure virtual networks exist only in Azure.',
    },
  }),
  declareType({
    name: 'Microsoft.Azure.ApiManagement.IResponse',
    kind: 'interface',
    test: (value) => value instanceof Response,
    members: {
      'IMessageBody Body { get; }': (self: Response) => bodyOf(self[responseVariable].body),
      'IReadOnlyDictionary<string, string[]> Headers { get; }': (self: Response) =>
        headersDictionary(self[responseVariable].headers),
      'int StatusCode { get; }': (self: Response) => self[responseVariable].statusCode,
      'string StatusReason { get; }': (self: Response) => self[responseVariable].statusReason,
    },
  }),
  declareType({
    name: 'Microsoft.Azure.ApiManagement.IMessageBody',
    kind: 'interface',
    test: (value) => value instanceof MessageBody,
    members: {
      'T As<T>(bool preserveContent = false)': generic(
        ([type]: readonly RuntimeType[], { view }: MessageBody, preserve: boolean) =>
          readBody(view, type?.name ?? '', preserve),
      ),
      'IDictionary<string, IList<string>> AsFormUrlEncodedContent(bool preserveContent = false)': (
        { view }: MessageBody,
        preserve: boolean,
      ) => formPairs(view, preserve),
    },
  }),
  declareType({
    name: 'Microsoft.Azure.ApiManagement.FormExtensions',
    kind: 'static',
    members: {
      'static string ToQueryString(this IDictionary<string, IList<string>> content)': (content: unknown) =>
        formText(content, '%20'),
      'static string ToFormUrlEncodedContent(this IDictionary<string, IList<string>> content)': (content: unknown) =>
        formText(content, '+'),
    },
  }),
];
