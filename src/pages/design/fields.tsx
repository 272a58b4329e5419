import type { FieldErrors, Form } from "../form.ts";
import { FieldError, Problems } from "./parts.tsx";

/** What was sent, and what is wrong with it. */
export interface Filled {
  readonly form: Form;
  readonly errors: FieldErrors;
  /** What is said when no single field is to blame. */
  readonly failure?: string | undefined;
}

export const UNTOUCHED: Filled = { form: new Map(), errors: {} };

export function hasProblems({ errors, failure }: Filled): boolean {
  return failure !== undefined || Object.keys(errors).length > 0;
}

/** The title of a page whose form came back: people who do not see it hear this first. */
export function titleOf(title: string, filled: Filled): string {
  return hasProblems(filled) ? `Please check: ${title}` : title;
}

/** What went wrong, above the form. */
export function FormProblems({ errors, failure }: Filled) {
  const wrong = Object.keys(errors).length;
  if (failure === undefined && wrong === 0) return null;
  const count = wrong === 1 ? "One thing is" : `${wrong} things are`;
  return <Problems heading={failure ?? `${count} missing or wrong.`} errors={errors} />;
}

interface FieldProps extends Filled {
  readonly name: string;
  readonly label: string;
  readonly type: "text" | "email" | "password";
  readonly autocomplete: string;
  /** Said before anything is typed. */
  readonly hint?: string;
  readonly value?: string;
  readonly maxLength?: number;
  readonly minLength?: number;
}

/** A labelled field with what it wants, what was typed, and what is wrong with it. Passwords are never sent back. */
export function Field({
  name,
  label,
  type,
  autocomplete,
  hint,
  form,
  errors,
  ...more
}: FieldProps) {
  const error = errors[name];
  const described = [
    hint === undefined ? undefined : `${name}-hint`,
    error === undefined ? undefined : `${name}-error`,
  ].filter((id) => id !== undefined);
  return (
    <div class={`field ${name}`}>
      <label for={name}>{label}</label>
      {hint === undefined ? null : (
        <p class="fine hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      <input
        id={name}
        name={name}
        type={type}
        autocomplete={autocomplete}
        required
        value={type === "password" ? undefined : (form.get(name) ?? more.value)}
        maxlength={more.maxLength}
        minlength={more.minLength}
        autocapitalize={type === "text" ? undefined : "none"}
        aria-invalid={error === undefined ? undefined : "true"}
        aria-describedby={described.length === 0 ? undefined : described.join(" ")}
      />
      <FieldError id={`${name}-error`} message={error} />
    </div>
  );
}

const MAX_EMAIL_CHARS = 320;
const MAX_NAME_CHARS = 200;
const MIN_PASSWORD_CHARS = 12;

/** The address is the name that password managers keep a password under. */
export function EmailField({ value, ...filled }: Filled & { value?: string }) {
  return (
    <Field
      name="email"
      label="Email"
      type="email"
      autocomplete="username"
      maxLength={MAX_EMAIL_CHARS}
      {...(value === undefined ? {} : { value })}
      {...filled}
    />
  );
}

export function NameField({ value, ...filled }: Filled & { value?: string }) {
  return (
    <Field
      name="name"
      label="Name"
      type="text"
      autocomplete="name"
      maxLength={MAX_NAME_CHARS}
      {...(value === undefined ? {} : { value })}
      {...filled}
    />
  );
}

export function NewPasswordField({ label = "Password", ...filled }: Filled & { label?: string }) {
  return (
    <Field
      name="password"
      label={label}
      type="password"
      autocomplete="new-password"
      hint="12 to 128 characters of any kind. A few unrelated words are good; what everybody uses is refused."
      minLength={MIN_PASSWORD_CHARS}
      {...filled}
    />
  );
}

/** Tells a password manager whose password the form is about. */
export function Whose({ email }: { email: string }) {
  return (
    <input type="email" name="username" autocomplete="username" value={email} readonly hidden />
  );
}
