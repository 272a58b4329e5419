import type { Country } from "../../platform/countries.ts";
import { FieldError } from "../design/parts.tsx";
import type { FieldErrors, Form } from "../form.ts";
import type { Visitor } from "../visitor.ts";
import { type CheckoutField, fieldsFor } from "./checkout-input.ts";
import { type HoldView, shipsSomething } from "./reservation.ts";

interface CheckoutFormProps {
  readonly hold: HoldView;
  readonly visitor: Visitor;
  readonly countries: readonly Country[];
  readonly form: Form;
  readonly errors: FieldErrors;
}

/** Where it goes, if there is a parcel, and where the receipt goes. */
export function CheckoutForm({ hold, visitor, countries, form, errors }: CheckoutFormProps) {
  const value = ({ name }: CheckoutField) =>
    form.get(name) ?? (name === "country" ? visitor.country : "");
  const field = (one: CheckoutField) => (
    <Field field={one} value={value(one)} error={errors[one.name]} countries={countries} />
  );
  const ships = shipsSomething(hold);
  const [email, ...rest] = fieldsFor(ships);
  const isCode = ({ name }: CheckoutField) => name === "discountCode";
  return (
    <form
      class="checkout"
      method="post"
      action={`/reservations/${hold.reservation.id}/checkout`}
      novalidate
    >
      <fieldset>
        <legend>Where do we reach you?</legend>
        {email === undefined ? null : field(email)}
      </fieldset>
      {ships ? (
        <fieldset class="address">
          <legend>Where does it go?</legend>
          {rest.filter((one) => !isCode(one)).map(field)}
        </fieldset>
      ) : null}
      <fieldset>
        <legend>Do you have a code?</legend>
        {rest.filter(isCode).map(field)}
      </fieldset>
      <button class="primary" type="submit">
        Go on to the payment
      </button>
      <p class="fine">
        The payment itself happens at Stripe, where you see all that is added or taken off before
        you pay. We never see your card.
        {ships ? " Your address is used for this parcel only." : null}
      </p>
    </form>
  );
}

interface FieldProps {
  readonly field: CheckoutField;
  readonly value: string;
  readonly error: string | undefined;
  readonly countries: readonly Country[];
}

function Field(props: FieldProps) {
  const { field, error } = props;
  const { name, label, optional } = field;
  return (
    <div class={`field ${name}`}>
      <label for={name}>
        {label}
        {optional === true ? <span class="soft"> (optional)</span> : null}
      </label>
      <Control {...props} />
      <FieldError id={`${name}-error`} message={error} />
    </div>
  );
}

function Control({ field, value, error, countries }: FieldProps) {
  const { name, autocomplete, optional, maxLength } = field;
  const attributes = {
    id: name,
    name,
    autocomplete,
    required: optional !== true,
    "aria-invalid": error === undefined ? undefined : "true",
    "aria-describedby": error === undefined ? undefined : `${name}-error`,
  } as const;
  if (name !== "country") {
    const type = name === "email" ? "email" : "text";
    const capitals = name === "discountCode" ? "characters" : undefined;
    return (
      <input
        type={type}
        maxlength={maxLength}
        value={value}
        autocapitalize={capitals}
        {...attributes}
      />
    );
  }
  return (
    <select {...attributes}>
      <option value="">Choose a country</option>
      {countries.map((country) => (
        <option value={country.code} selected={country.code === value}>
          {country.name}
        </option>
      ))}
    </select>
  );
}
