// A form that sends: busy while it does, and the server's sentence at the field its pointer names, else above the buttons.
import { Problem } from '../api/client';
import { sentenceOf } from './errors';

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
    const name = error instanceof Problem ? error.pointer.replace(/^\//, '').split('/')[0] : '';
    if (name && names.includes(name)) this.fields = { [name]: sentenceOf(error) };
    else this.error = sentenceOf(error);
  }

  clear() {
    this.error = '';
    this.fields = {};
  }
}
