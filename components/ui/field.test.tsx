import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";

const attribute = (html: string, name: string) => html.match(new RegExp(`${name}="([^"]*)"`))?.[1];

describe("a field", () => {
  it("ties its label to the control inside it", () => {
    const html = renderToStaticMarkup(
      <Field label="Name">
        <Input name="name" />
      </Field>,
    );
    expect(attribute(html, "for")).toBe(attribute(html, " id"));
    expect(html).not.toContain("aria-invalid=");
    expect(html).not.toContain("aria-describedby=");
  });

  it("describes the control by its error first, then its hint, and marks it invalid", () => {
    const html = renderToStaticMarkup(
      <Field label="Expires" error="This time has passed." hint="In UTC." required>
        <Select options={[{ value: "30d", label: "30 days" }]} />
      </Field>,
    );
    const texts = attribute(html, "aria-describedby")
      ?.split(" ")
      .map((id) => html.split(`id="${id}"`)[1]);
    expect(texts?.[0]).toContain("This time has passed.");
    expect(texts?.[1]).toContain("In UTC.");
    expect(html).toContain('aria-invalid="true"');
    expect(html).toContain('aria-required="true"');
  });

  it("leaves a control its own description", () => {
    const html = renderToStaticMarkup(
      <Field label="Name" hint="Shown in lists.">
        <Input aria-describedby="elsewhere" />
      </Field>,
    );
    expect(attribute(html, "aria-describedby")).toBe("elsewhere");
  });
});
