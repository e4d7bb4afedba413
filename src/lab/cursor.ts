/**
 * Walks a document that was checked against a schema, typed by the schema.
 *
 * @module
 */

import type { At, Span } from "./span.ts";
import { anchorSpan, entryOf, isNull } from "./tree.ts";
import type { Node } from "./tree.ts";

/** Keys of those alternatives of a type that are maps. */
type KeyOf<T> = T extends readonly unknown[] ? never : T extends object ? keyof T & string : never;

/** What such a key holds. */
type ValueOf<T, K> = T extends object ? K extends keyof T ? NonNullable<T[K]> : never : never;

/** What those alternatives of a type hold that are lists. */
type ItemOf<T> = T extends readonly (infer Item)[] ? Item : never;

/** Those alternatives of a type that are scalars. */
type ScalarOf<T> = Extract<T, string | number | boolean>;

/** Those alternatives of a type that are maps. */
type MapOf<T> = T extends readonly unknown[] ? never : T extends object ? T : never;

/**
 * A place in a document, where a value of type `T` may be. It has none where nothing is written, or where something
 * wrong is (which has been reported): who reads it then goes without.
 */
export class Cursor<T> {
  /** The place to point at: the value; where there is none, what it would be part of. */
  readonly span: Span;
  /** The key that it is the value of; else the value. */
  readonly keySpan: Span;
  readonly #node: Node | undefined;
  readonly #invalid: ReadonlySet<Node>;

  /** A cursor at the root, or at a place that the caller knows. */
  constructor(node: Node | undefined, invalid: ReadonlySet<Node>, around: Span, keySpan?: Span) {
    this.#node = node;
    this.#invalid = invalid;
    this.span = node?.span ?? around;
    this.keySpan = keySpan ?? this.span;
  }

  /** The node, where its value is of the right type. */
  get node(): Node | undefined {
    const node = this.#node;
    return node === undefined || node.kind === "bad" || this.#invalid.has(node) ? undefined : node;
  }

  /** Whether anything is written here, right or wrong. `key:` with nothing after it is not. */
  get written(): boolean {
    return this.#node !== undefined && !isNull(this.#node);
  }

  /** Whether what is written here is wrong. */
  get broken(): boolean {
    return this.written && this.node === undefined;
  }

  /** The scalar, where there is one. */
  get value(): ScalarOf<T> | undefined {
    const node = this.node;
    // The schema has accepted this node as a T, and it is a scalar.
    return node?.kind === "scalar" && node.value !== null ? node.value as ScalarOf<T> : undefined;
  }

  /** The scalar with its place; a default has the place of what it is a default of. */
  at<D>(otherwise: D): At<ScalarOf<T> | D> {
    return { value: this.value ?? otherwise, span: this.span };
  }

  /** The place of a key's value in a map. */
  get<K extends KeyOf<T>>(key: K): Cursor<ValueOf<T, K>> {
    const entry = entryOf(this.node, key);
    return new Cursor(entry?.value, this.#invalid, this.span, entry?.keySpan);
  }

  /** The items of a list; none where there is no list. */
  items(): readonly Cursor<ItemOf<T>>[] {
    const node = this.node;
    if (node?.kind !== "list") return [];
    return node.items.map((item) => new Cursor(item, this.#invalid, node.span));
  }

  /** The entries of a map. */
  entries(): readonly (readonly [string, Cursor<ValueOf<T, KeyOf<T>>>])[] {
    const node = this.node;
    if (node?.kind !== "map") return [];
    return [...node.entries].map(([key, entry]) =>
      [key, new Cursor<ValueOf<T, KeyOf<T>>>(entry.value, this.#invalid, node.span, entry.keySpan)] as const
    );
  }

  /** The same place, for who wants the scalar that it might be. */
  scalar(): Cursor<ScalarOf<T>> {
    return new Cursor(this.#node, this.#invalid, this.span, this.keySpan);
  }

  /** The same place, for who wants the map that it might be. */
  map(): Cursor<MapOf<T>> {
    return new Cursor(this.#node, this.#invalid, this.span, this.keySpan);
  }

  /** Where to point at when something in here is missing. */
  get anchor(): Span {
    return this.#node === undefined ? this.span : anchorSpan(this.#node);
  }

  /** The items of a list; where there is no list, the one scalar. */
  each(): readonly Cursor<ItemOf<T> | ScalarOf<T>>[] {
    return this.isList() ? this.items() : this.value === undefined ? [] : [this.scalar()];
  }

  /** Whether this is a map, and not the scalar or list that it also might be. */
  isMap(): boolean {
    return this.node?.kind === "map";
  }

  /** Whether this is a list. */
  isList(): boolean {
    return this.node?.kind === "list";
  }
}
