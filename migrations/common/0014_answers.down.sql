DROP TABLE buyer_budgets;
DROP TABLE order_shortfalls;
