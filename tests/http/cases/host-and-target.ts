import { type Family, passed, refused, smuggled } from './wire-case.ts';

const hosts = (...lines: string[]) => `GET /first HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${smuggled}`;
const absolute = (target: string, host = 'a') => `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n${smuggled}`;

const badHosts: readonly (readonly [string, readonly string[]])[] = [
  ['none', ['X-A: 1']],
  ['an empty one', ['Host:']],
  ['two', ['Host: a', 'Host: b']],
  ['two that agree', ['Host: a', 'Host: a']],
  ['two in different spellings', ['Host: a', 'hOsT: b']],
  ['two, one folded', ['Host: a', ' Host: b']],
  ['two, one hidden behind a bare LF', ['Host: a\nHost: b']],
  ['a space before the colon', ['Host : a']],
  ['user information', ['Host: user@a']],
  ['user and password', ['Host: user:pass@a']],
  ['a space', ['Host: a b']],
  ['a comma', ['Host: a, b']],
  ['a comma without a space', ['Host: a,b']],
  ['a path', ['Host: a/b']],
  ['a query', ['Host: a?b']],
  ['a fragment', ['Host: a#b']],
  ['a backslash', ['Host: a\\b']],
  ['a scheme', ['Host: http://a']],
  ['a NUL', ['Host: a\x00b']],
  ['a tab inside', ['Host: a\tb']],
  ['a byte above 0x7f', ['Host: \xe4']],
  ['a percent sign', ['Host: a%2fb']],
  ['a port that is no number', ['Host: a:b']],
  ['a port that is signed', ['Host: a:-1']],
  ['a port of six digits', ['Host: a:123456']],
  ['an empty port', ['Host: a:']],
  ['two ports', ['Host: a:1:2']],
  ['a port alone', ['Host: :80']],
  ['an open bracket', ['Host: [::1']],
  ['something behind an address', ['Host: [::1]x']],
  ['quotes', ['Host: "a"']],
  ['angle brackets', ['Host: <a>']],
  ['an underscore and a semicolon', ['Host: a_b;c']],
];

const badTargets: readonly (readonly [string, string])[] = [
  ['another host', 'http://b/first'],
  ['another port', 'http://a:81/first'],
  ['user information that hides the host', 'http://a@b/first'],
  ['user information beside the same host', 'http://u:p@a/first'],
  ['https on the plain port', 'https://a/first'],
  ['ftp', 'ftp://a/first'],
  ['no host', 'http:///first'],
  ['one slash', 'http:/a/first'],
  ['a backslash', 'http:\\\\a\\first'],
  ['a fragment', 'http://a/first#x'],
  ['a host with a comma', 'http://a,b/first'],
  ['no slash in front', 'first'],
  ['an authority', 'a:80'],
  ['a scheme alone', 'http://'],
  ['* for GET', '*'],
  ['a query alone', '?a=b'],
  ['a backslash in front', '\\first'],
];

export const hostAndTarget: Family = {
  title: 'Host and request target',
  danger: 'A request that is routed by one host and cached, filtered or authorised by another.',
  cases: [
    ...badHosts.map(([what, lines]) => refused(`Host: ${what}`, hosts(...lines))),
    ...badTargets.map(([what, target]) => refused(`target: ${what}`, absolute(target))),
    passed('an absolute target that agrees', 'GET http://a/first?x=1 HTTP/1.1\r\nHost: a\r\n\r\n', 'GET /first?x=1 0'),
    passed(
      'an absolute target with the default port',
      'GET http://a:80/first HTTP/1.1\r\nHost: a\r\n\r\n',
      'GET /first 0',
    ),
    passed('an absolute target in upper case', 'GET HTTP://A/first HTTP/1.1\r\nHost: a\r\n\r\n', 'GET /first 0'),
    passed('an absolute target without a path', 'GET http://a?x=1 HTTP/1.1\r\nHost: a\r\n\r\n', 'GET /?x=1 0'),
    passed(
      'a path that looks like a host stays a path',
      'GET //evil/first HTTP/1.1\r\nHost: a\r\n\r\n',
      'GET //evil/first 0',
    ),
    passed('an IPv6 address with a port', 'GET /first HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n', 'GET /first 0'),
    passed('HTTP/1.0 without Host', 'GET /first HTTP/1.0\r\n\r\n', 'GET /first 0'),
    passed(
      'X-Forwarded-Host is no Host',
      'GET /first HTTP/1.1\r\nHost: a\r\nX-Forwarded-Host: b\r\n\r\n',
      'GET /first 0',
    ),
  ],
};
