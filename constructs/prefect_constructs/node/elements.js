"use strict";
// Prefect's objects in Node, beside the CDK: each is given all of itself when it is made, and asks Python for nothing.

const { runtime, version } = require("./package.json");
const cdk = require(runtime);

const GENERATOR = { providerName: "prefect", providerVersionConstraint: `~> ${version}` };
const SOURCE = "prefect-iac/prefect";

// In the text of a configuration, a place for what is no text: the object of this number, or an attribute of it.
const PLACE = /^\0(\d+)(?:\.(\w+))?$/;

const EXPRESSION = /(\$\{[^}]*\})/;

// A list that Terraform works out is to the CDK a list of one such text, which has to stay as it is.
const LIST_TOKEN = /^#\{TfToken\[/;

// By construct and attribute: to make a token takes longer than to make most objects.
const tokens = new WeakMap();

/** The token of an attribute; with instances for each of something it is of them all. */
function attributeToken(construct, attribute) {
  const known = tokens.get(construct) ?? new Map();
  tokens.set(construct, known);
  const key = construct.forEach ? `*.${attribute}` : attribute;
  if (!known.has(key)) {
    known.set(key, construct.interpolationForAttribute(attribute));
  }
  return known.get(key);
}

/** What an object is configured with: JSON text, and what stands in its places. */
class Configuration {
  constructor(text, objects) {
    this.text = text;
    this.objects = objects;
    this.placed = new Map();
    if (objects.length > 0) {
      // The tokens of constructs are those that they have now.
      JSON.parse(text, (_key, value) => this.#place(value));
    }
  }

  /** A copy for the CDK, which changes what it is given. */
  attributes() {
    if (this.placed.size === 0) {
      return JSON.parse(this.text);
    }
    return JSON.parse(this.text, (_key, value) => this.placed.get(value) ?? value);
  }

  #place(value) {
    const found = typeof value === "string" && PLACE.exec(value);
    if (found) {
      const [place, number, attribute] = found;
      const object = this.objects[Number(number)];
      this.placed.set(place, attribute === undefined ? object : attributeToken(object, attribute));
    }
    return value;
  }

  /** Each attribute with what the CDK's renderer of HCL wants to know of it. */
  hclAttributes() {
    const attributes = Object.entries(this.attributes());
    const described = ([key, value]) => [
      key,
      { value: hclForm(value), isBlock: false, type: "any", storageClassType: "any" },
    ];
    return Object.fromEntries(attributes.map(described));
  }
}

/**
 * A value as the renderer takes it, which guesses: a text that starts with a brace or a bracket it writes as an object
 * or list, so a JSON text has to come with its quotes; a text with an expression it puts into quotes itself, so that one
 * comes without.
 */
function hclForm(value) {
  if (typeof value === "string" && !LIST_TOKEN.test(value)) {
    const part = (text, index) => (index % 2 ? text : JSON.stringify(text).slice(1, -1));
    return value.includes("${") ? value.split(EXPRESSION).map(part).join("") : JSON.stringify(value);
  }
  if (Array.isArray(value)) {
    return value.map(hclForm);
  }
  if (value === null) {
    // A null of its own the renderer cannot write.
    return "${null}";
  }
  if (typeof value === "object" && value.constructor === Object) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hclForm(item)]));
  }
  return value;
}

class Resource extends cdk.TerraformResource {
  #configuration;
  #objects;
  #reasons;

  constructor(scope, id, type, text, objects, reasons, meta) {
    super(scope, id, { ...meta, terraformResourceType: type, terraformGeneratorMetadata: GENERATOR });
    this.#configuration = new Configuration(text, objects);
    this.#objects = objects;
    this.#reasons = reasons ?? [];
    if (this.#reasons.length > 0) {
      // Without one of its own the CDK would write none at all.
      this.lifecycle ??= {};
    }
  }

  synthesizeAttributes() {
    return this.#withReasons(this.#configuration.attributes(), (reasons) => reasons);
  }

  synthesizeHclAttributes() {
    // The elements of a real list the renderer puts into quotes.
    return this.#withReasons(this.#configuration.hclAttributes(), (reasons) => `[${reasons.join(", ")}]`);
  }

  #withReasons(attributes, written) {
    // Written bare: Terraform takes no interpolation there.
    const reasons = [...new Set(this.#reasons.map((reason) => this.#reference(reason)))];
    return reasons.length > 0
      ? { ...attributes, lifecycle: { replace_triggered_by: written(reasons) } }
      : attributes;
  }

  #reference(reason) {
    const [place, number, attribute] = PLACE.exec(reason) ?? [];
    const construct = place && this.#objects[Number(number)];
    if (attribute !== undefined) {
      return `${construct.terraformResourceType}.${construct.friendlyUniqueId}.${attribute}`;
    }
    const resolver = new cdk.DefaultTokenResolver(new cdk.StringConcat());
    const text = cdk.Tokenization.resolve(place ? construct.fqn : reason, {
      preparing: false,
      resolver,
      scope: this,
    });
    return text.replace(/^\$\{/, "").replace(/\}$/, "");
  }
}

class DataSource extends cdk.TerraformDataSource {
  #configuration;

  constructor(scope, id, type, text, objects, meta) {
    super(scope, id, { ...meta, terraformResourceType: type, terraformGeneratorMetadata: GENERATOR });
    this.#configuration = new Configuration(text, objects);
  }

  synthesizeAttributes() {
    return this.#configuration.attributes();
  }

  synthesizeHclAttributes() {
    return this.#configuration.hclAttributes();
  }
}

class Provider extends cdk.TerraformProvider {
  #alias;
  #configuration;

  constructor(scope, id, type, text, objects, alias) {
    super(scope, id, {
      terraformResourceType: type,
      terraformGeneratorMetadata: GENERATOR,
      terraformProviderSource: SOURCE,
    });
    this.#configuration = new Configuration(text, objects);
    this.#alias = alias;
  }

  get alias() {
    return this.#alias;
  }

  set alias(value) {
    this.#alias = value;
  }

  synthesizeAttributes() {
    return this.#configuration.attributes();
  }

  synthesizeHclAttributes() {
    return this.#configuration.hclAttributes();
  }
}

module.exports = { DataSource, Provider, Resource };
