/** Stands for the bundle of the checkout that is looked at: the runtime has it under this name. */
declare const shop: {
  fetch(request: Request, env: object, execution: object): Promise<Response>;
  queue(batch: unknown, env: object, execution: object): Promise<void>;
  scheduled(event: unknown, env: object, execution: object): Promise<void>;
};
export default shop;
