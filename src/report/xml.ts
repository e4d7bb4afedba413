/**
 * XML 1.0 as text. Whatever goes in, what comes out is well-formed.
 *
 * @module
 */

/** Of characters, what XML 1.0 §2.2 does not allow in any form, not even as a reference. */
const ILLEGAL = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
/** Allowed by XML, but a terminal or an editor would act on them. */
const UNSAFE = /[\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/** Attributes in order; those that are undefined are left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element with other elements in it, one a line; without any, an empty one. */
export function element(name: string, attributes: Attributes, children: readonly string[] = []): string {
  const start = `<${name}${attributeText(attributes)}`;
  if (children.length === 0) return `${start}/>`;
  const inner = children.flatMap((child) => child === "" ? [] : [child]).join("\n");
  return `${start}>\n${inner}\n</${name}>`;
}

/** An element with a text in it, white space kept. */
export function textElement(name: string, attributes: Attributes, text: string): string {
  return `<${name}${attributeText(attributes)}>${escapeText(text)}</${name}>`;
}

function attributeText(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => value === undefined ? "" : ` ${name}="${escapeAttribute(String(value))}"`).join("");
}

function escapeText(text: string): string {
  // A lone carriage return would be read as a line feed (§2.11).
  return legal(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\r", "&#13;");
}

function escapeAttribute(text: string): string {
  // White space in attributes is normalised to spaces (§3.3.3), unless it is written as a reference.
  return escapeText(text).replaceAll('"', "&quot;").replaceAll("\n", "&#10;").replaceAll("\t", "&#9;");
}

/** Characters that may not or should not be there, shown as the replacement character. */
function legal(text: string): string {
  return text.replace(ILLEGAL, "\ufffd").replace(UNSAFE, "\ufffd");
}
