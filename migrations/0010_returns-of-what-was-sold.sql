-- Nothing comes back of an order that was not sold, or is back already, whichever way it is written down.
CREATE TRIGGER stock_movements_return_sold BEFORE INSERT ON stock_movements
WHEN NEW.kind = 'return' AND NEW.order_id IS NOT NULL AND NEW.on_hand_delta + (
    SELECT coalesce(sum(on_hand_delta), 0) FROM stock_movements
    WHERE order_id = NEW.order_id AND sku = NEW.sku AND kind IN ('sale', 'return')) > 0
BEGIN
  SELECT RAISE(ABORT, 'restock_exceeds_items');
END;
