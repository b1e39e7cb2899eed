// A form that sends: busy while it does, and the server's sentence at the field its pointer names, else above the buttons.
import { Problem } from '../api/client';
import { sentenceOf } from './errors';

// Refusals that name no field in the contract (both halves of a sign-in are right or wrong together) and where a person would look.
const PLACES: Record<string, string[]> = {
  'auth.bad_credentials': ['password'], 'auth.wrong_password': ['current', 'password'], 'auth.bad_code': ['code'],
};

export class Form {
  isBusy = $state(false);
  error = $state('');
  fields = $state.raw<Record<string, string>>({});

  /** Runs `work`; true when it went through. `names` are the fields on the screen, as JSON pointers without the slash. */
  async send(names: string[], work: () => Promise<void>): Promise<boolean> {
    if (this.isBusy) return false;
    this.isBusy = true;
    this.clear();
    try {
      await work();
      return true;
    } catch (error) {
      this.take(error, names);
      return false;
    } finally {
      this.isBusy = false;
    }
  }

  take(error: unknown, names: string[]) {
    const pointed = error instanceof Problem ? [error.pointer.replace(/^\//, '').split('/')[0], ...(PLACES[error.reason] ?? [])] : [];
    const name = pointed.find((one) => names.includes(one));
    if (name) this.fields = { [name]: sentenceOf(error) };
    else this.error = sentenceOf(error);
  }

  clear() {
    this.error = '';
    this.fields = {};
  }
}
